-- ARGV: key digests. What each generation has under them. One script costs a client less than a pipeline of two.
return {redis.call('HMGET', KEY.CACHE_NEW, unpack(ARGV)), redis.call('HMGET', KEY.CACHE_OLD, unpack(ARGV))}
