-- ARGV: key digests. What each generation has under them. One script costs a client less than a pipeline of two.
return {redis.call('HMGET', 'depeche:cache:new', unpack(ARGV)), redis.call('HMGET', 'depeche:cache:old', unpack(ARGV))}
