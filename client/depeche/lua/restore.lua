-- ARGV: delivery tag, age in seconds, queue, message. Back to the front of its queue, if nobody has renewed it since.
local tag, age_s, queue, body = unpack(ARGV)
local held = tonumber(redis.call('ZSCORE', 'unacked_index', tag) or 0)
if held > now() - tonumber(age_s) then return 0 end
redis.call('ZREM', 'unacked_index', tag)
if redis.call('HDEL', 'unacked', tag) == 0 then return 0 end
redis.call('RPUSH', queue, body)
return 1
