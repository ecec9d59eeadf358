-- What all scripts share. A script runs whole or not at all, and Redis' own clock is the only one that counts.
--
-- An answer may be lost on its way, and then the client sends the script once more. So a script that must not happen
-- twice takes a token of the caller's, keeps it in the record, and gives the same caller the same answer again: claimed
-- (with the run), submitted, released, ended, revived, dropped and published are such fields.
--
-- The keys: KEY has their names, which depeche/keys.py gives to each script, with how long they live and who writes.
--
--   JOB            depeche:job:{id}              hash    a job's record
--   MESSAGE        depeche:message:{id}          string  the job's message; kept while it may run
--   RESULT         celery-task-meta-{id}         string  state and result, in Celery's form
--   WAITING        depeche:waiting:{priority}    zset    ids of queued jobs, by queued_at
--   DELAYED        depeche:delayed               zset    task ids of jobs that are to be tried again, by when
--   RUNNING        depeche:running               zset    task ids of jobs in work, by the end of their lease
--   DEAD           depeche:dead                  zset    ids of dead jobs, by when they died
--   WORKERS        depeche:workers               zset    names of workers, by how long they count as alive
--   ABOUT          depeche:about:{worker}        string  a worker's models and cache hits
--   JANITOR        depeche:janitor               string  the fencing token of the one janitor, with its term
--   CACHE_NEW      depeche:cache:new             hash    translated sentences by their digest
--   CACHE_OLD      depeche:cache:old             hash    sentences not used since the last turn
--   QUEUE          {queue}                       list    messages, oldest at right
--   UNACKED        unacked                       hash    messages by their tag
--   UNACKED_INDEX  unacked_index                 zset    tags, by when they were last renewed
--   BINDING        _kombu.binding.{exchange}     set     which queues there are
--   BINDING_PERMANENT  _kombu.binding_permanent.{exchange}  set  those that do not expire
--   BINDING_DEADLINES  _kombu.binding_deadlines  zset    when the others may be forgotten
--   ASIDE          depeche:aside:{key}           any     what was under a name of ours and could not be used
--   EVENTS         depeche:events                stream  one entry for each job that has ended
--   BATCH          depeche:batch:{name}          hash    how many jobs of a batch are in which state
--   BATCHES        depeche:batches               zset    names of open batches, by when their producer counts as gone

local ENDED = {succeeded = true, failed = true, cancelled = true, dead = true}
local STATES = {queued = true, running = true, succeeded = true, failed = true, cancelled = true, dead = true}

-- One time for all of a script, which is one step. Asking again would cost as much as a write.
local asked_at
local function now()
  if not asked_at then
    local t = redis.call('TIME')
    asked_at = tonumber(t[1]) + tonumber(t[2]) / 1e6
  end
  return asked_at
end

local function seconds(value) return string.format('%.6f', value) end
local function job(id) return KEY.JOB .. id end
local function message(id) return KEY.MESSAGE .. id end
local function result(id) return KEY.RESULT .. id end
local function waiting(priority) return KEY.WAITING .. priority end

-- Anybody with a password may have written to any key, so what is read here may be of any type.
local function read(...)
  local found = redis.pcall(...)
  if type(found) ~= 'table' or not found.err then return found end
  if string.find(found.err, 'WRONGTYPE', 1, true) then return nil end
  return error(found.err)
end

-- Fields of a record, and one of them, as producers may not read several at once; none if it is not a hash.
local function fields(id, ...) return read('HMGET', job(id), ...) or {} end
local function field(id, name) return read('HGET', job(id), name) end

-- The first write of a script that workers run must free memory: Redis lets a script that has written go on writing
-- even when it is full, and so workers can empty a full Redis.
local function leave(...)
  redis.call('ZREM', KEY.RUNNING, ...)
  redis.call('ZREM', KEY.DELAYED, ...)
  for priority, _ in pairs(QUEUES) do redis.call('ZREM', waiting(priority), ...) end
end

local function enter(set, id, score)
  redis.call('ZADD', set, seconds(score), id)
  redis.call('EXPIRE', set, OPEN_TTL_S)
end

local function keep_open(id)
  redis.call('EXPIRE', job(id), OPEN_TTL_S)
  redis.call('EXPIRE', message(id), OPEN_TTL_S)
  redis.call('EXPIRE', result(id), OPEN_TTL_S)
end

-- Where a queued job belongs in the ledger. A time in the future is one from before the clock was put back.
local function await(id)
  local priority, queued_at = field(id, 'priority'), tonumber(field(id, 'queued_at') or nil)
  if not QUEUES[priority] then priority = 'normal' end
  enter(waiting(priority), id, math.min(queued_at or now(), now()))
  return QUEUES[priority]
end

-- A batch counts its jobs by state, and those that failed by code too. A record says in "counted" as what its job is
-- counted, so it does not matter how often this is called, and a count that a worker of release 0.1 has not kept is
-- made up for by the next one. No job depends on its batch: where that is a key of another type, or this user of Redis
-- may not write to it, nothing is counted. Called after each change of state, where the script has written before.
local function count(id, code)
  local name = field(id, 'batch')
  if not name then return end
  local key, state, counted = KEY.BATCH .. name, field(id, 'state'), field(id, 'counted')
  local label = code and state .. ' ' .. code or state
  if label == counted or type(redis.pcall('HINCRBY', key, state, 1)) ~= 'number' then return end
  redis.call('HSET', job(id), 'counted', label)
  local was, its_code = string.match(counted or '', '^(%S+) ?(.*)$')
  if was then redis.pcall('HINCRBY', key, was, -1) end
  if its_code and its_code ~= '' then redis.pcall('HINCRBY', key, 'code ' .. its_code, -1) end
  if code then
    -- The first five ids are shown.
    local ids = redis.call('HGET', key, 'ids ' .. code) or ''
    local _, shown = string.gsub(ids, '\n', '')
    if shown < 5 then redis.call('HSET', key, 'ids ' .. code, ids .. id .. '\n') end
    redis.pcall('HINCRBY', key, 'code ' .. code, 1)
  end
  if not ENDED[state] then redis.call('HDEL', key, 'ended_at') end
  redis.call('EXPIRE', key, OPEN_TTL_S)
end

-- Into the queue. RPUSH is the end at which workers take, for what has waited already.
local function enqueue(push, id)
  redis.call('HSET', job(id), 'state', 'queued')
  redis.call('HDEL', job(id), 'progress')
  count(id)
  local queue, body = await(id), read('GET', message(id))
  if body then redis.call(push, queue, body) end
end

local function tell(id, meta, ttl)
  redis.call('SET', result(id), meta, 'EX', ttl)
  -- Celery's AsyncResult.get() waits for this.
  redis.call('PUBLISH', result(id), meta)
end

-- One more event, as field and value by turns. The end of a job does not depend on it: it is left out where the stream
-- is a key of another type, or this user of Redis may not write to it.
local function announce(most, ...)
  if tonumber(most) < 1 then return end
  redis.pcall('XADD', KEY.EVENTS, 'MAXLEN', '~', most, '*', ...)
  redis.pcall('EXPIRE', KEY.EVENTS, OPEN_TTL_S)
end

-- The code of an error in JSON; nil where it has none.
local function code_of(fault)
  local readable, found = pcall(cjson.decode, fault)
  return readable and type(found) == 'table' and type(found.code) == 'string' and found.code or nil
end

-- Ends a batch that nobody submits to any more and whose jobs have all ended, with one event. Its hash has besides the
-- counts: began_at; ended_at; and "open SUBMITTER" for each producer that submits to it, until when it counts as alive.
local function end_batch(name, ttl, most_events)
  local flat, found, open_until = read('HGETALL', KEY.BATCH .. name) or {}, {}, 0
  for i = 1, #flat, 2 do
    found[flat[i]] = flat[i + 1]
    if string.sub(flat[i], 1, 5) == 'open ' then
      local until_s = tonumber(flat[i + 1]) or 0
      -- Nobody is gone for longer than some minutes without counting as gone, unless the clock was put back.
      if until_s <= now() or until_s > now() + 601 then
        redis.call('HDEL', KEY.BATCH .. name, flat[i])
      else
        open_until = math.max(open_until, until_s)
      end
    end
  end
  if #flat == 0 or open_until <= now() then redis.pcall('ZREM', KEY.BATCHES, name) end
  local left = (tonumber(found.queued) or 0) + (tonumber(found.running) or 0)
  if #flat == 0 or found.ended_at or left > 0 or open_until > now() then return end
  local event = {'batch', name, 'state', 'ended', 'at', seconds(now())}
  for _, state in ipairs({'succeeded', 'failed', 'cancelled', 'dead'}) do
    event[#event + 1], event[#event + 2] = state, found[state] or '0'
  end
  redis.call('HSET', KEY.BATCH .. name, 'ended_at', seconds(now()))
  redis.call('EXPIRE', KEY.BATCH .. name, ttl)
  announce(most_events, unpack(event))
end

-- What every script does that ends a job, whose error is in JSON, or ''. The script has written before, so that a full
-- Redis takes this too: see leave.
local function conclude(id, state, fault, meta, ttl, most_events)
  local at, code, batch = seconds(now()), code_of(fault), field(id, 'batch')
  redis.call('HSET', job(id), 'state', state, 'finished_at', at)
  if fault ~= '' then redis.call('HSET', job(id), 'error', fault) end
  count(id, code)
  redis.call('EXPIRE', job(id), ttl)
  tell(id, meta, ttl)
  -- Whoever waits for the job has subscribed to a channel of its own, so that nobody learns of other jobs. Users of
  -- Redis that were made for release 0.1 may not write there: those who wait also look from time to time.
  redis.pcall('PUBLISH', CHANNEL.ENDED .. id, state)
  local event = {'id', id, 'state', state, 'at', at}
  if code then event[#event + 1], event[#event + 2] = 'code', code end
  if batch then event[#event + 1], event[#event + 2] = 'batch', batch end
  announce(most_events, unpack(event))
  if batch then end_batch(batch, ttl, most_events) end
end

-- A dead job among the dead, of whom those go whose record has expired.
local function bury(id, ttl)
  enter(KEY.DEAD, id, now())
  redis.call('ZREMRANGEBYSCORE', KEY.DEAD, '-inf', seconds(now() - tonumber(ttl)))
end

-- A message taken off its queue is held by whoever renews it, until it is acknowledged.
local function hold(tag, entry)
  redis.call('ZREM', KEY.UNACKED_INDEX, tag)
  redis.call('ZADD', KEY.UNACKED_INDEX, seconds(now()), tag)
  redis.call('HSET', KEY.UNACKED, tag, entry)
end

local function acknowledge(tag)
  redis.call('HDEL', KEY.UNACKED, tag)
  redis.call('ZREM', KEY.UNACKED_INDEX, tag)
end

-- A running job back to the front of its queue, or after delay_s seconds, when the janitor puts it there.
local function give_back(id, caller, counts, delay_s, meta)
  leave(id)
  redis.call('HDEL', job(id), 'claimed')
  redis.call('HSET', job(id), 'released', caller)
  if not counts then
    redis.call('HINCRBY', job(id), 'attempts', -1)
    redis.call('HSET', job(id), 'uncharged', field(id, 'run') or '0')
  end
  if delay_s > 0 then
    redis.call('HSET', job(id), 'state', 'queued')
    redis.call('HDEL', job(id), 'progress')
    count(id)
    enter(KEY.DELAYED, id, now() + delay_s)
  else
    enqueue('RPUSH', id)
  end
  tell(id, meta, OPEN_TTL_S)
end

local function whole_number(text) return string.match(text, '^%-?%d+$') and #text < 12 end

-- Why a job's record cannot be used, in words; nil where it can, and where there is none. For workers only.
local function fault_of(id)
  local kind = redis.call('TYPE', job(id)).ok
  if kind == 'none' then return nil end
  if kind ~= 'hash' then return 'its record is a ' .. kind end
  kind = redis.call('TYPE', message(id)).ok
  if kind ~= 'none' and kind ~= 'string' then return 'its message is a ' .. kind end
  local state, priority, attempts, run, queued_at =
    unpack(redis.call('HMGET', job(id), 'state', 'priority', 'attempts', 'run', 'queued_at'))
  if state and not STATES[state] then return 'its state is none that there is' end
  if priority and not QUEUES[priority] then return 'its priority is none that there is' end
  if attempts and not whole_number(attempts) then return 'its attempts are not a number' end
  if run and not whole_number(run) then return 'its run is not a number' end
  if queued_at and not (string.match(queued_at, '^%d+%.?%d*$') and #queued_at < 20) then
    return 'its queued_at is not a time'
  end
  return nil
end

-- A key of another type than it should have leaves its place, and can be looked at for a while.
local function move_aside(key, ttl)
  redis.call('RENAME', key, KEY.ASIDE .. key)
  redis.call('EXPIRE', KEY.ASIDE .. key, ttl)
end
