-- ARGV: id, caller, Celery's meta. Answers revived, not dead, or expired where its message is gone.
-- A dead letter back into the queue, with all its attempts; its place is the last.
local id, caller, meta = unpack(ARGV)
local record = redis.call('HMGET', job(id), 'state', 'revived', 'run')
if record[1] ~= 'dead' then return record[2] == caller and 'revived' or 'not dead' end
if redis.call('EXISTS', message(id)) == 0 then return 'expired' end
redis.call('ZREM', KEY.DEAD, id)
redis.call('HDEL', job(id), 'error', 'finished_at', 'attempts')
-- Another run, so that nobody who thought it exhausted before can end it now.
redis.call('HSET', job(id), 'queued_at', seconds(now()), 'revived', caller, 'run', tonumber(record[3] or 0) + 1)
enqueue('LPUSH', id)
tell(id, meta, OPEN_TTL_S)
keep_open(id)
return 'revived'
