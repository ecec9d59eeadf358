-- ARGV: id, caller, error, Celery's meta, time to live in seconds, most events. Answers set aside
-- or sound.
-- A job whose record cannot be used becomes a dead letter with a record that can; what was there is kept for a while.
local id, caller, fault, meta, ttl, most_events = unpack(ARGV)
if fields(id, 'ended')[1] == caller then return 'set aside' end
if not fault_of(id) then return 'sound' end
leave(id)
if redis.call('TYPE', job(id)).ok ~= 'hash' then move_aside(job(id), ttl) end
local kind = redis.call('TYPE', message(id)).ok
if kind ~= 'string' and kind ~= 'none' then move_aside(message(id), ttl) end
local priority, run = unpack(fields(id, 'priority', 'run'))
-- A run higher than any that a worker may still have.
if run and not whole_number(run) then redis.call('HSET', job(id), 'run', math.floor(now())) end
redis.call('HDEL', job(id), 'attempts', 'progress', 'cancel', 'claimed')
redis.call('HSET', job(id), 'priority', QUEUES[priority] and priority or 'normal', 'queued_at', seconds(now()), 'ended',
  caller)
redis.call('EXPIRE', message(id), ttl)
bury(id, ttl)
conclude(id, 'dead', fault, meta, ttl, most_events)
return 'set aside'
