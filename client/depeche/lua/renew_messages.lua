-- ARGV: delivery tags. Renews what is still held.
for _, tag in ipairs(ARGV) do
  -- Removed first: see the prelude.
  if redis.call('ZREM', KEY.UNACKED_INDEX, tag) == 1 then redis.call('ZADD', KEY.UNACKED_INDEX, seconds(now()), tag) end
end
