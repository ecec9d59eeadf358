-- ARGV: delivery tag. A message is done with.
redis.call('HDEL', 'unacked', ARGV[1])
redis.call('ZREM', 'unacked_index', ARGV[1])
return 1
