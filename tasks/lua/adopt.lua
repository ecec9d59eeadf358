-- ARGV: id, priority, message. The record of a job that another program put on the queue.
local id, priority, body = unpack(ARGV)
if redis.call('EXISTS', job(id)) == 0 then
  redis.call('HSET', job(id), 'state', 'queued', 'priority', priority)
  redis.call('SET', message(id), body)
  keep_open(id)
end
return 1
