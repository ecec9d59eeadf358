-- ARGV: id, Celery's meta, error, time to live in seconds. Answers the state found or made, or unknown.
-- A queued job ends now, a running one at its next batch.
local id, meta, fault, ttl = unpack(ARGV)
local state = field(id, 'state')
if not STATES[state] then return 'unknown' end
if state == 'queued' then
  leave(id)
  redis.call('DEL', message(id))
  redis.call('HSET', job(id), 'state', 'cancelled', 'finished_at', seconds(now()), 'error', fault)
  redis.call('EXPIRE', job(id), ttl)
  tell(id, meta, ttl)
  return 'cancelled'
end
if state == 'running' then redis.call('HSET', job(id), 'cancel', '1') end
return state
