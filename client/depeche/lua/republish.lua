-- ARGV: the janitor's fencing token, id, caller, what was seen of the job: waiting, expired or due.
-- Answers published, not as seen, or not elected.
-- Puts a job's message on its queue again, if the job is still as it was seen and the janitor still the one.
local fence, id, caller, seen = unpack(ARGV)
if redis.call('GET', KEY.JANITOR) ~= fence then return 'not elected' end
local record = redis.call('HMGET', job(id), 'state', 'published')
if record[2] == caller then return 'published' end
local state = record[1]
if not state or ENDED[state] then
  leave(id)
  return 'not as seen'
end
local as_seen = seen == 'waiting' and state == 'queued'
if seen == 'expired' then
  as_seen = state == 'running' and tonumber(redis.call('ZSCORE', KEY.RUNNING, id) or 0) < now()
elseif seen == 'due' then
  as_seen = state == 'queued' and tonumber(redis.call('ZSCORE', KEY.DELAYED, id) or 'inf') <= now()
end
if not as_seen then return 'not as seen' end
leave(id)
redis.call('HSET', job(id), 'published', caller)
enqueue('RPUSH', id)
return 'published'
