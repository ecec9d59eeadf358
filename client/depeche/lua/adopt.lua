-- ARGV: id, priority, message. What a job lacks that another program, or an older version of this one, put on the queue.
local id, priority, body = unpack(ARGV)
local state = field(id, 'state')
-- It was cancelled a moment ago, or has ended, or was dropped, since this was asked for: its article must not be kept
-- for another thirty days.
if ENDED[state] or (not state and field(id, 'dropped')) then return end
-- Its message has come to a worker. This is also the first write that the prelude speaks of.
redis.call('HDEL', job(id), 'in_vain')
redis.call('HSETNX', job(id), 'state', 'queued')
redis.call('HSETNX', job(id), 'priority', priority)
if redis.call('EXISTS', message(id)) == 0 then redis.call('SET', message(id), body) end
keep_open(id)
