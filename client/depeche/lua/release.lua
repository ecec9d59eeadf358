-- ARGV: id, run, whether the attempt counts (1 or 0), seconds to wait, Celery's meta.
-- Gives a job back: at once, to the front of its queue, or after a while, by the janitor.
local id, run, counts, delay_s, meta = unpack(ARGV)
local record = redis.call('HMGET', job(id), 'run', 'state')
if record[1] ~= run or record[2] ~= 'running' then return 0 end
leave(id)
if counts == '0' then redis.call('HINCRBY', job(id), 'attempts', -1) end
if tonumber(delay_s) > 0 then
  redis.call('HSET', job(id), 'state', 'queued')
  redis.call('HDEL', job(id), 'progress')
  enter('depeche:delayed', id, now() + tonumber(delay_s))
else
  enqueue('RPUSH', id)
end
tell(id, meta, OPEN_TTL_S)
return 1
