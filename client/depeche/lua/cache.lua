-- ARGV: most sentences of one generation, time to live in seconds, how many pairs, then key digest and English by turns,
-- then digests to look for. Answers what each generation has under these.
-- It stores first, so who looks also finds what comes in the same step.
-- The old generation is what was not used since the last turn. It is unlinked, not deleted: that blocks nobody.
local NEW, OLD = KEY.CACHE_NEW, KEY.CACHE_OLD
local limit, ttl = tonumber(ARGV[1]), tonumber(ARGV[2])
-- So many sentences are kept in a full Redis: those of the articles in work, so that nothing is done twice.
local WHEN_FULL = 1000

-- The old generation keeps the time to live that it had as the new one.
local function turn()
  redis.call('UNLINK', OLD)
  redis.call('RENAME', NEW, OLD)
end

local function keep(digest, english)
  if redis.call('HLEN', NEW) >= limit then turn() end
  return redis.pcall('HSET', NEW, digest, english)
end

local function store(first, last)
  -- At half time, so that what is used is written again before it expires. Negative: no such key, or one without.
  local left = redis.call('PTTL', NEW)
  if left >= 0 and left < ttl * 500 then turn() end
  for i = first, last, 2 do
    local kept = keep(ARGV[i], ARGV[i + 1])
    if type(kept) == 'table' and string.find(kept.err, 'OOM', 1, true) then
      -- A full Redis denies a first write. After one that frees, it denies none.
      redis.call('HDEL', NEW, ARGV[i])
      limit = math.min(limit, WHEN_FULL)
      kept = keep(ARGV[i], ARGV[i + 1])
    end
    if type(kept) == 'table' then return kept end
    if redis.call('PTTL', NEW) < 0 then redis.call('EXPIRE', NEW, ttl) end
  end
end

local last = 3 + 2 * tonumber(ARGV[3])
if last > 3 then
  local fault = store(4, last)
  if fault then return fault end
end
if #ARGV == last then return {{}, {}} end
return {redis.call('HMGET', NEW, unpack(ARGV, last + 1)), redis.call('HMGET', OLD, unpack(ARGV, last + 1))}
