-- ARGV: delivery tag, kombu's entry. A message taken off its queue is held by whoever renews it.
-- ZREM first, as in all that workers run: see the prelude.
redis.call('ZREM', KEY.UNACKED_INDEX, ARGV[1])
redis.call('ZADD', KEY.UNACKED_INDEX, seconds(now()), ARGV[1])
redis.call('HSET', KEY.UNACKED, ARGV[1], ARGV[2])
