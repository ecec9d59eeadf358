-- ARGV: id, Celery's meta, error, time to live in seconds, most events. Answers the state found or made, or unknown.
-- A queued job ends now, a running one at its next batch.
local id, meta, fault, ttl, most_events = unpack(ARGV)
local state = field(id, 'state')
if not STATES[state] then return 'unknown' end
if state == 'queued' then
  leave(id)
  redis.call('DEL', message(id))
  conclude(id, 'cancelled', fault, meta, ttl, most_events)
  return 'cancelled'
end
if state == 'running' then redis.call('HSET', job(id), 'cancel', '1') end
return state
