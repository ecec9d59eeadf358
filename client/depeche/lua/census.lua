-- ARGV: the janitor's fencing token, lease in seconds, time to live in seconds, most events, ids. Answers for each job that was in no set of the ledger and is
-- there now, or whose record cannot be used: its id and the fault, or ''.
local fence, lease_s, ttl, most_events = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4]
local found = {}
if read('GET', KEY.JANITOR) ~= fence then return found end

local function waits(id)
  for priority, _ in pairs(QUEUES) do
    if redis.call('ZSCORE', waiting(priority), id) then return true end
  end
  return redis.call('ZSCORE', KEY.DELAYED, id)
end

-- Older versions and other programs queue jobs of which the ledger knows nothing: their messages are on the queues.
local function may_be_a_strangers(id)
  if fields(id, 'priority')[1] then return false end
  for _, queue in pairs(QUEUES) do
    if redis.call('LLEN', queue) > 0 then return true end
  end
  return redis.call('HLEN', KEY.UNACKED) > 0
end

-- Workers of release 0.1 know no batches: what they have ended is counted here.
local function recount(id)
  local name, state, counted, fault = unpack(fields(id, 'batch', 'state', 'counted', 'error'))
  if not name or not state or string.match(counted or '', '^%S*') == state then return end
  -- First a write that frees memory, as in all that workers run: see the prelude.
  redis.call('HDEL', job(id), 'counted by')
  count(id, ENDED[state] and fault and code_of(fault) or nil)
  if ENDED[state] then end_batch(name, ttl, most_events) end
end

for i = 5, #ARGV do
  local id = ARGV[i]
  local fault, state = fault_of(id), fields(id, 'state')[1]
  if fault then
    found[#found + 1] = id
    found[#found + 1] = fault
  elseif state == 'running' and not redis.call('ZSCORE', KEY.RUNNING, id) then
    -- Its worker has the time to renew the lease; the rest is as with any other lease.
    leave(id)
    enter(KEY.RUNNING, id, now() + lease_s)
    found[#found + 1] = id
    found[#found + 1] = ''
  elseif state == 'queued' and not waits(id) and not may_be_a_strangers(id) then
    leave(id)
    await(id)
    found[#found + 1] = id
    found[#found + 1] = ''
  end
  if not fault then recount(id) end
end
return found
