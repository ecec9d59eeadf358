-- ARGV: delivery tags. Renews what is still held.
for _, tag in ipairs(ARGV) do redis.call('ZADD', 'unacked_index', 'XX', seconds(now()), tag) end
return 1
