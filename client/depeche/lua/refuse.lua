-- ARGV: id, caller, message or '', error, Celery's meta, time to live in seconds, most dead letters.
-- Answers kept, taken or not kept.
-- A message that is not a job becomes a dead letter, but never in place of another message's job.
local id, caller, body, fault, meta, ttl, most = unpack(ARGV)
local record = fields(id, 'state', 'ended', 'dropped', 'refused')
if record[2] == caller then return 'kept' end
-- Somebody has looked at this very message, and dropped it. Another one gets an id of its own.
if record[3] and not record[1] then return record[4] == redis.sha1hex(body) and 'kept' or 'taken' end
if record[1] then
  -- This very message may have been revived: then it is as dead as before.
  if body == '' or read('GET', message(id)) ~= body then return 'taken' end
elseif redis.call('ZCARD', KEY.DEAD) >= tonumber(most) then
  return 'not kept'
end
leave(id)
redis.call('HSET', job(id), 'state', 'dead', 'priority', 'normal', 'error', fault, 'queued_at', seconds(now()),
  'finished_at', seconds(now()), 'ended', caller)
redis.call('EXPIRE', job(id), ttl)
if body ~= '' then redis.call('SET', message(id), body, 'EX', ttl) end
bury(id, ttl)
tell(id, meta, ttl)
return 'kept'
