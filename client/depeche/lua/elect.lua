-- ARGV: the fencing token held so far or '', time to live in milliseconds.
-- One janitor at a time. Each new one gets a higher token, and what an older one still sends is refused.
if redis.call('GET', 'depeche:janitor') == ARGV[1] then
  redis.call('PEXPIRE', 'depeche:janitor', ARGV[2])
  return ARGV[1]
end
if redis.call('EXISTS', 'depeche:janitor') == 1 then return '' end
local fence = tostring(redis.call('INCR', 'depeche:janitor:fence'))
redis.call('EXPIRE', 'depeche:janitor:fence', OPEN_TTL_S)
redis.call('SET', 'depeche:janitor', fence, 'PX', ARGV[2])
return fence
