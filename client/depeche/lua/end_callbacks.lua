-- ARGV: id. The tasks that were to come after this job were sent, or that was given up; until it is queued again.
-- First a write that frees memory, as in all that workers run: see the prelude.
if field(ARGV[1], 'state') then
  redis.call('HDEL', job(ARGV[1]), 'no such field')
  redis.call('HSET', job(ARGV[1]), 'callbacks', 'sent')
end
