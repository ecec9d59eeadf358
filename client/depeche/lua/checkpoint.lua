-- ARGV: id, run, progress. Answers held, lost or cancelled. Tells a running job whether it may go on. It renews nothing: a job's lease and its message's
-- must end together, or the message comes back too early and is in vain.
local id, run, progress = unpack(ARGV)
local record = fields(id, 'run', 'state', 'cancel')
if record[1] ~= run or record[2] ~= 'running' then return 'lost' end
redis.call('HDEL', job(id), 'progress')
redis.call('HSET', job(id), 'progress', progress)
return record[3] and 'cancelled' or 'held'
