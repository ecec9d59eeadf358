-- ARGV: the fencing token held so far or '', time to live in milliseconds.
-- One janitor at a time. Each new one gets a higher token, and what an older one still sends is refused.
if redis.call('GET', KEY.JANITOR) == ARGV[1] then
  redis.call('PEXPIRE', KEY.JANITOR, ARGV[2])
  return ARGV[1]
end
if redis.call('EXISTS', KEY.JANITOR) == 1 then return '' end
local fence = tostring(redis.call('INCR', KEY.JANITOR_FENCE))
redis.call('EXPIRE', KEY.JANITOR_FENCE, OPEN_TTL_S)
redis.call('SET', KEY.JANITOR, fence, 'PX', ARGV[2])
return fence
