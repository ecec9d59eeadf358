-- ARGV: id, Celery's meta, error, time to live in seconds, most events, how long a mark is kept where there is no record,
-- in seconds; 0 where the job's message was found. Answers the state found or made, or unknown.
-- A queued job ends now, a running one at its next batch. A job without a record ends now where its message was found.
-- Else it gets a mark, with which no worker starts it. A record that has nothing but the mark is not a job.
local id, meta, fault, ttl, most_events, mark_s = unpack(ARGV)
local state = field(id, 'state')
if state and not STATES[state] then return 'unknown' end
if not state then
  -- A write that a full Redis admits, see the prelude. It fails where the key is of another type.
  if type(redis.pcall('HDEL', job(id), 'no such field')) ~= 'number' then return 'unknown' end
  if mark_s ~= '0' then
    redis.call('HSET', job(id), 'cancel', '1')
    redis.call('EXPIRE', job(id), mark_s)
    return 'unknown'
  end
  state = 'queued'
end
if state == 'queued' then
  leave(id)
  redis.call('DEL', message(id))
  redis.call('HDEL', job(id), 'cancel')
  conclude(id, 'cancelled', fault, meta, ttl, most_events)
  -- Its message still lies in the queue, and would make a new job of it if the record went first. So the record lives as
  -- long as any open job, until a worker takes the message (claim.lua).
  redis.call('HSET', job(id), 'keep_s', ttl)
  redis.call('EXPIRE', job(id), OPEN_TTL_S)
  return 'cancelled'
end
if state == 'running' then redis.call('HSET', job(id), 'cancel', '1') end
return state
