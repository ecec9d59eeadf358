-- ARGV: delivery tags. Renews what is still held.
for _, tag in ipairs(ARGV) do redis.call('ZADD', KEY.UNACKED_INDEX, 'XX', seconds(now()), tag) end
