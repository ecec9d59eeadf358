-- ARGV: id, run, state, Celery's meta, error or '', time to live in seconds.
-- Only the newest run may end a job, and only once: a worker that was stopped and wakes is refused.
local id, run, state, meta, fault, ttl = unpack(ARGV)
local record = redis.call('HMGET', job(id), 'run', 'state')
if (record[1] or '0') ~= run or not record[2] or ENDED[record[2]] then return 0 end
leave(id)
if state == 'dead' then
  enter('depeche:dead', id, now())
  redis.call('ZREMRANGEBYSCORE', 'depeche:dead', '-inf', seconds(now() - tonumber(ttl)))
  redis.call('EXPIRE', message(id), ttl)
else
  redis.call('DEL', message(id))
end
redis.call('HDEL', job(id), 'cancel')
redis.call('HSET', job(id), 'state', state, 'finished_at', seconds(now()))
if fault ~= '' then redis.call('HSET', job(id), 'error', fault) end
redis.call('EXPIRE', job(id), ttl)
tell(id, meta, ttl)
return 1
