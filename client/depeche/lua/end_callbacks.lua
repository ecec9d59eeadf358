-- ARGV: id, caller. The tasks that were to come after this job were sent, or that was given up; until it is queued again.
-- Where it was queued again meanwhile, this caller has sent what came after its former end, and not what comes yet.
local id, caller = unpack(ARGV)
local holder = string.match(field(id, 'callbacks') or '', '^(%S+) [%d.]+$')
if holder == caller then
  -- First a write that frees memory, as in all that workers run: see the prelude.
  redis.call('HDEL', job(id), 'no such field')
  redis.call('HSET', job(id), 'callbacks', 'sent')
end
