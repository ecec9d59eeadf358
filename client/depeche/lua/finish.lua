-- ARGV: id, run, caller, state, Celery's meta, error or '', time to live in seconds. Answers ended or refused.
-- Only the newest run may end a job, and only once: a worker that was stopped and wakes is refused.
local id, run, caller, state, meta, fault, ttl = unpack(ARGV)
local record = fields(id, 'run', 'state', 'ended')
if record[3] == caller then return 'ended' end
if (record[1] or '0') ~= run or not record[2] or ENDED[record[2]] then return 'refused' end
leave(id)
if state == 'dead' then
  bury(id, ttl)
  redis.call('EXPIRE', message(id), ttl)
else
  redis.call('DEL', message(id))
end
redis.call('HDEL', job(id), 'cancel')
redis.call('HSET', job(id), 'state', state, 'finished_at', seconds(now()), 'ended', caller)
if fault ~= '' then redis.call('HSET', job(id), 'error', fault) end
redis.call('EXPIRE', job(id), ttl)
tell(id, meta, ttl)
return 'ended'
