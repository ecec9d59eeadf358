-- ARGV: the janitor's fencing token, lease in seconds, ids. Answers for each job that was in no set of the ledger and is
-- there now, or whose record cannot be used: its id and the fault, or ''.
local fence, lease_s = ARGV[1], tonumber(ARGV[2])
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

for i = 3, #ARGV do
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
end
return found
