-- ARGV: id, caller, Celery's meta. Answers revived, not dead, or expired where its message is gone.
-- A dead letter back into the queue, with all its attempts; its place is the last.
local id, caller, meta = unpack(ARGV)
-- The same call once more, as its answer was lost: the job may be dead again by then, and is not revived twice.
if field(id, 'revived') == caller then return 'revived' end
if field(id, 'state') ~= 'dead' then return 'not dead' end
if not read('GET', message(id)) then return 'expired' end
redis.call('ZREM', KEY.DEAD, id)
redis.call('HDEL', job(id), 'error', 'finished_at', 'attempts', 'in_vain', 'callbacks')
-- Another run, so that nobody who thought it exhausted before can end it now.
local run = (tonumber(field(id, 'run') or nil) or 0) + 1
redis.call('HSET', job(id), 'queued_at', seconds(now()), 'revived', caller, 'run', string.format('%d', run))
enqueue('LPUSH', id)
tell(id, meta, OPEN_TTL_S)
keep_open(id)
return 'revived'
