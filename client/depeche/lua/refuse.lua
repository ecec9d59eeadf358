-- ARGV: id, caller, message or '', error, Celery's meta, time to live in seconds, most dead letters,
-- most events. Answers kept, taken or not kept.
-- A message that is not a job becomes a dead letter, but never in place of another message's job.
local id, caller, body, fault, meta, ttl, most, most_events = unpack(ARGV)
local record = fields(id, 'state', 'ended', 'dropped', 'refused')
if record[2] == caller then return 'kept' end
-- Somebody has looked at this very message, and dropped it. Another one gets an id of its own.
if record[3] and not record[1] then return record[4] == redis.sha1hex(body) and 'kept' or 'taken' end
if record[1] then
  -- This very message may have been revived: then it is as dead as before.
  if body == '' or read('GET', message(id)) ~= body then return 'taken' end
  -- The same message once more is no other end.
  if record[1] == 'dead' then return 'kept' end
elseif redis.call('ZCARD', KEY.DEAD) >= tonumber(most) then
  return 'not kept'
end
leave(id)
redis.call('HSET', job(id), 'priority', 'normal', 'queued_at', seconds(now()), 'ended', caller)
if body ~= '' then redis.call('SET', message(id), body, 'EX', ttl) end
bury(id, ttl)
conclude(id, 'dead', fault, meta, ttl, most_events)
return 'kept'
