-- ARGV: id, run, caller, state, Celery's meta, error or '', time to live in seconds, most events, delivery tag or ''.
-- Answers ended or refused. The message is acknowledged where the job has ended, and only then.
-- Only the newest run may end a job, and only once: a worker that was stopped and wakes is refused.
local id, run, caller, state, meta, fault, ttl, most_events, tag = unpack(ARGV)
local record = fields(id, 'run', 'state', 'ended', 'uncharged')
-- The same call once more, as its answer was lost: the message was acknowledged with the first.
if record[3] == caller then return 'ended' end
if (record[1] or '0') ~= run or not record[2] or ENDED[record[2]] then return 'refused' end
leave(id)
if state == 'dead' then
  bury(id, ttl)
  redis.call('EXPIRE', message(id), ttl)
else
  redis.call('DEL', message(id))
end
redis.call('HDEL', job(id), 'cancel', 'uncharged')
-- It was handed back, and has come to its end all the same: so it was an attempt.
if record[4] == run then redis.pcall('HINCRBY', job(id), 'attempts', 1) end
redis.call('HSET', job(id), 'ended', caller)
conclude(id, state, fault, meta, ttl, most_events)
if tag ~= '' then acknowledge(tag) end
return 'ended'
