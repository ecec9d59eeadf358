-- ARGV: most sentences of one generation, time to live in seconds, then key digest and English by turns.
-- The old generation is what was not used since the last turn. It is unlinked, not deleted: that blocks nobody.
local NEW, OLD = KEY.CACHE_NEW, KEY.CACHE_OLD
local limit, ttl = tonumber(ARGV[1]), tonumber(ARGV[2])

-- The old generation keeps the time to live that it had as the new one.
local function turn()
  redis.call('UNLINK', OLD)
  redis.call('RENAME', NEW, OLD)
end

-- At half time, so that what is used is written again before it expires. Negative: no such key, or one without.
local left = redis.call('PTTL', NEW)
if left >= 0 and left < ttl * 500 then turn() end
for i = 3, #ARGV, 2 do
  if redis.call('HLEN', NEW) >= limit then turn() end
  redis.call('HSET', NEW, ARGV[i], ARGV[i + 1])
  if redis.call('PTTL', NEW) < 0 then redis.call('EXPIRE', NEW, ttl) end
end
