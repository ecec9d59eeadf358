-- ARGV: delivery tag. A message is done with.
redis.call('HDEL', KEY.UNACKED, ARGV[1])
redis.call('ZREM', KEY.UNACKED_INDEX, ARGV[1])
