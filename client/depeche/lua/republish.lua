-- ARGV: the janitor's fencing token, id, what was seen of the job: waiting, expired or due.
-- Puts a job's message on its queue again, if the job is still as it was seen and the janitor still the one.
local fence, id, seen = unpack(ARGV)
if redis.call('GET', 'depeche:janitor') ~= fence then return -1 end
local state = redis.call('HGET', job(id), 'state')
if not state or ENDED[state] then
  leave(id)
  return 0
end
local as_seen = seen == 'waiting' and state == 'queued'
if seen == 'expired' then
  as_seen = state == 'running' and tonumber(redis.call('ZSCORE', 'depeche:running', id) or 0) < now()
elseif seen == 'due' then
  as_seen = state == 'queued' and tonumber(redis.call('ZSCORE', 'depeche:delayed', id) or 'inf') <= now()
end
if not as_seen then return 0 end
leave(id)
enqueue('RPUSH', id)
return 1
