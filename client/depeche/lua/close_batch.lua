-- ARGV: name of a batch, who has submitted to it or '', time to live in seconds, most events.
-- Nobody submits to it for this submitter any more, who may also be one that has not been heard of for a while. Where
-- all jobs have ended, so has the batch. A repeated call changes nothing, as a batch that has ended says so.
local name, submitter, ttl, most_events = unpack(ARGV)
redis.pcall('HDEL', KEY.BATCH .. name, 'open ' .. submitter)
end_batch(name, ttl, most_events)
