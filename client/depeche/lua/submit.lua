-- ARGV: id, priority, message, digest of article and options, longest queue, Celery's meta.
-- Answers queued, exists and the digest of what the id has, full and the length, or out of memory.
-- Record, ledger and message in one step: what is in the ledger was accepted, and nothing else was.
local id, priority, body, digest, limit, meta = unpack(ARGV)
if field(id, 'state') then
  return {'exists', field(id, 'digest') or ''}
end
local length = 0
for _, queue in pairs(QUEUES) do length = length + redis.call('LLEN', queue) end
if length >= tonumber(limit) then return {'full', tostring(length)} end
-- The last of a limited memory is for the workers, who could not even start in a full Redis.
local memory = redis.pcall('INFO', 'memory')
if type(memory) == 'string' then
  local most = tonumber(string.match(memory, 'maxmemory:(%d+)') or 0)
  if most > 0 and tonumber(string.match(memory, 'used_memory:(%d+)')) > 0.95 * most then
    return {'out of memory'}
  end
end
-- The first write is one that a full Redis denies. A record without a state is not a job, and this one soon expires where
-- the second fails, as one of the sets is of another type.
redis.call('HSET', job(id), 'priority', priority, 'queued_at', seconds(now()), 'digest', digest)
redis.call('EXPIRE', job(id), 60)
-- A mark of somebody who wanted to cancel this job before it was there.
redis.call('HDEL', job(id), 'cancel')
leave(id)
redis.call('SET', message(id), body)
redis.call('SET', result(id), meta)
enqueue('LPUSH', id)
keep_open(id)
return {'queued'}
