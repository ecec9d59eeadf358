-- ARGV: age in seconds, how many. The delivery tags of messages that nobody has renewed for so long.
local age_s, limit = tonumber(ARGV[1]), ARGV[2]
-- What was renewed in the future was renewed before the clock was put back: it ages from now on.
for _, tag in ipairs(redis.call('ZRANGEBYSCORE', KEY.UNACKED_INDEX, seconds(now() + 1), '+inf', 'LIMIT', 0, limit)) do
  redis.call('ZREM', KEY.UNACKED_INDEX, tag)
  redis.call('ZADD', KEY.UNACKED_INDEX, seconds(now()), tag)
end
return redis.call('ZRANGEBYSCORE', KEY.UNACKED_INDEX, '-inf', seconds(now() - age_s), 'LIMIT', 0, limit)
