-- ARGV: delivery tag, kombu's entry. A message taken off its queue is held by whoever renews it.
-- ZREM first, as in all that workers run: see the prelude.
redis.call('ZREM', 'unacked_index', ARGV[1])
redis.call('ZADD', 'unacked_index', seconds(now()), ARGV[1])
redis.call('HSET', 'unacked', ARGV[1], ARGV[2])
return 1
