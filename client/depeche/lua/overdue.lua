-- ARGV: age in seconds, how many. The delivery tags of messages that nobody has renewed for so long.
return redis.call('ZRANGEBYSCORE', KEY.UNACKED_INDEX, '-inf', seconds(now() - tonumber(ARGV[1])), 'LIMIT', 0, ARGV[2])
