-- ARGV: the janitor's fencing token. Another can be elected at once.
if redis.call('GET', KEY.JANITOR) == ARGV[1] then redis.call('DEL', KEY.JANITOR) end
