-- ARGV: the janitor's fencing token, id, caller, what was seen of the job (waiting, expired or due), how often its
-- message may be put on the queue in vain, Celery's meta.
-- Answers published; not as seen; not elected; gone: it has no record, or has ended; lost with its run: its message is
-- gone for good; in vain with its run: nobody could use its message; spoilt with the fault of the record.
-- Puts a job's message on its queue again, if the job is still as it was seen and the janitor still the one.
local fence, id, caller, seen, most, meta = unpack(ARGV)
if read('GET', KEY.JANITOR) ~= fence then return {'not elected'} end
local fault = fault_of(id)
if fault then return {'spoilt', fault} end
local state, published, run, in_vain = unpack(fields(id, 'state', 'published', 'run', 'in_vain'))
if published == caller then return {'published'} end
if not state or ENDED[state] then
  leave(id)
  return {'gone'}
end
local as_seen = seen == 'waiting' and state == 'queued'
if seen == 'expired' then
  as_seen = state == 'running' and tonumber(redis.call('ZSCORE', KEY.RUNNING, id) or 0) < now()
elseif seen == 'due' then
  as_seen = state == 'queued' and tonumber(redis.call('ZSCORE', KEY.DELAYED, id) or 'inf') <= now()
end
if not as_seen then return {'not as seen'} end
if seen == 'waiting' then
  -- The janitor has looked for it in every place where a message may be.
  if redis.call('EXISTS', message(id)) == 0 then return {'lost', run or '0'} end
  if (tonumber(in_vain or nil) or 0) >= tonumber(most) then return {'in vain', run or '0'} end
end
leave(id)
redis.call('HSET', job(id), 'published', caller)
if seen == 'waiting' then redis.call('HSET', job(id), 'in_vain', (tonumber(in_vain or nil) or 0) + 1) end
enqueue('RPUSH', id)
-- Celery's clients know it as started until they hear that it waits again.
if state == 'running' then tell(id, meta, OPEN_TTL_S) end
return {'published'}
