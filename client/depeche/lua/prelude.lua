-- What all scripts share. A script runs whole or not at all, and Redis' own clock is the only one that counts.

-- How long a job that has not ended may wait for a worker at most: thirty days.
local OPEN_TTL_S = 2592000
local ENDED = {succeeded = true, failed = true, cancelled = true, dead = true}

local function now()
  local t = redis.call('TIME')
  return tonumber(t[1]) + tonumber(t[2]) / 1e6
end

local function seconds(value) return string.format('%.6f', value) end
local function job(id) return 'depeche:job:' .. id end
local function message(id) return 'depeche:message:' .. id end
local function result(id) return 'celery-task-meta-' .. id end
local function waiting(priority) return 'depeche:waiting:' .. priority end

-- The first write of a script that workers run must free memory: Redis lets a script that has written go on writing
-- even when it is full, and so workers can empty a full Redis.
local function leave(id)
  redis.call('ZREM', 'depeche:running', id)
  redis.call('ZREM', 'depeche:delayed', id)
  for priority, _ in pairs(QUEUES) do redis.call('ZREM', waiting(priority), id) end
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

-- Into the queue. RPUSH is the end at which workers take, for what has waited already.
local function enqueue(push, id)
  local priority = redis.call('HGET', job(id), 'priority')
  redis.call('HSET', job(id), 'state', 'queued')
  redis.call('HDEL', job(id), 'progress')
  enter(waiting(priority), id, tonumber(redis.call('HGET', job(id), 'queued_at')))
  local body = redis.call('GET', message(id))
  if body then redis.call(push, QUEUES[priority], body) end
end

local function tell(id, meta, ttl)
  redis.call('SET', result(id), meta, 'EX', ttl)
  -- Celery's AsyncResult.get() waits for this.
  redis.call('PUBLISH', result(id), meta)
end
