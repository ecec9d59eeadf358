-- ARGV: longest queue, priority, caller, name of a batch or '', who submits to the batch or '', for how many seconds it
-- counts as alive, then for each job its id, message, digest of article and options, and Celery's
-- meta.
-- Answers how many messages wait, and for each job in order one of:
--   queued; exists: the same article has this id already; conflict: another one has it; full: too many wait; out of
--   memory: Redis has little room left; spoilt: a key that it needs is of another type; no batch: that of the batch is.
-- Record, ledger and message in one step: what is in the ledger was accepted, and nothing else was. What is the same
-- for all jobs is done once for all of them, as most of a short article's time is the number of commands.
local limit, priority, caller, batch, submitter = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local FIRST = 7
local queue, now_s = QUEUES[priority], seconds(now())
local answers = {}

local length = 0
for _, name in pairs(QUEUES) do length = length + redis.call('LLEN', name) end

-- The last of a limited memory is for the workers, who could not even start in a full Redis.
local function room()
  local memory = redis.pcall('INFO', 'memory')
  local most = type(memory) == 'string' and tonumber(string.match(memory, 'maxmemory:(%d+)') or 0) or 0
  if most == 0 then return math.huge end
  return 0.95 * most - tonumber(string.match(memory, 'used_memory:(%d+)'))
end

-- Redis is only asked again when what was written since may have filled the room that there was.
local left = nil
local function has_room(size)
  if not left or left < size then left = room() end
  if left < 0 then return false end
  left = left - size
  return true
end

-- What is new, and what of it goes into the ledger and into the queue.
local ids, scores, bodies = {}, {}, {}

local function write(id, body, digest, meta, token)
  -- The first write is one that a full Redis denies.
  redis.call('HSET', job(id), 'state', 'queued', 'priority', priority, 'queued_at', now_s, 'digest', digest,
    'submitted', token)
  -- A mark of somebody who wanted to cancel this job before it was there.
  redis.call('HDEL', job(id), 'cancel')
  if batch ~= '' then redis.call('HSET', job(id), 'batch', batch, 'counted', 'queued') end
  redis.call('EXPIRE', job(id), OPEN_TTL_S)
  redis.call('SET', message(id), body, 'EX', OPEN_TTL_S)
  redis.call('SET', result(id), meta, 'EX', OPEN_TTL_S)
  ids[#ids + 1], bodies[#bodies + 1] = id, body
  scores[#scores + 1] = now_s
  scores[#scores + 1] = id
end

local function submit(number, id, body, digest, meta)
  local token = caller .. ' ' .. number
  if redis.call('HGET', job(id), 'state') then
    -- The same call once more, as its answer was lost: it gets the same answer.
    if redis.call('HGET', job(id), 'submitted') == token then return 'queued' end
    return redis.call('HGET', job(id), 'digest') == digest and 'exists' or 'conflict'
  end
  if length + #ids >= limit then return 'full' end
  -- The message is kept twice. The rest is for the record, the result's place and the sets.
  if not has_room(2 * #body + 4096) then return 'out of memory' end
  write(id, body, digest, meta, token)
  return 'queued'
end

local function enqueue_all()
  leave(unpack(ids))
  redis.call('ZADD', waiting(priority), unpack(scores))
  redis.call('EXPIRE', waiting(priority), OPEN_TTL_S)
  redis.call('LPUSH', queue, unpack(bodies))
end

-- What a command has raised: a table in Redis 7, and a text in 6.2.
local function outcome_of(raised)
  local fault = type(raised) == 'table' and raised.err or tostring(raised)
  if string.find(fault, 'WRONGTYPE', 1, true) then return 'spoilt' end
  if string.find(fault, 'OOM ', 1, true) then return 'out of memory' end
  return error(raised, 0)
end

local function take_back(outcome)
  local new = {}
  for _, id in ipairs(ids) do
    -- A record without a state is not a job, and these soon expire.
    redis.call('HDEL', job(id), 'state', 'batch', 'counted')
    redis.call('EXPIRE', job(id), 60)
    new[id] = true
  end
  -- The same id may be there twice.
  for number = 1, #answers do
    if new[ARGV[FIRST + 4 * (number - 1)]] then answers[number] = outcome end
  end
  ids = {}
end

-- Whoever submits to a batch also waits here for room, so this is done where nothing is queued.
local function open_batch()
  local key, until_s = KEY.BATCH .. batch, seconds(now() + tonumber(ARGV[6]))
  redis.call('HSETNX', key, 'began_at', now_s)
  redis.call('EXPIRE', key, OPEN_TTL_S)
  if submitter ~= '' then
    redis.call('HSET', key, 'open ' .. submitter, until_s)
    redis.call('ZADD', KEY.BATCHES, until_s, batch)
    redis.call('EXPIRE', KEY.BATCHES, OPEN_TTL_S)
  end
end

local function refuse_all(outcome)
  for _ = FIRST, #ARGV, 4 do answers[#answers + 1] = outcome end
  return {length, answers}
end

if batch ~= '' then
  local fine, raised = pcall(open_batch)
  if not fine then
    local outcome = outcome_of(raised)
    return refuse_all(outcome == 'spoilt' and 'no batch' or outcome)
  end
end
for i = FIRST, #ARGV, 4 do
  local number = #answers + 1
  local fine, answer = pcall(submit, number, ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3])
  answers[number] = fine and answer or outcome_of(answer)
end
if #ids > 0 then
  local fine, raised = pcall(enqueue_all)
  if not fine then take_back(outcome_of(raised)) end
end
if batch ~= '' and #ids > 0 then
  redis.call('HDEL', KEY.BATCH .. batch, 'ended_at')
  redis.pcall('HINCRBY', KEY.BATCH .. batch, 'queued', #ids)
  redis.pcall('HINCRBY', KEY.BATCH .. batch, 'total', #ids)
end
return {length + #ids, answers}
