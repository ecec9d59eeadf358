-- ARGV: delivery tag, age in seconds, queue, message. Back to the front of its queue, if nobody has renewed it since.
local tag, age_s, queue, body = unpack(ARGV)
local held = tonumber(redis.call('ZSCORE', KEY.UNACKED_INDEX, tag) or 0)
if held > now() - tonumber(age_s) then return end
redis.call('ZREM', KEY.UNACKED_INDEX, tag)
if redis.call('HDEL', KEY.UNACKED, tag) == 0 then return end
redis.call('RPUSH', queue, body)
