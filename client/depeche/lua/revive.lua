-- ARGV: id, Celery's meta. Answers revived, not dead, or expired where its message is gone.
-- A dead letter back into the queue, with all its attempts; its place is the last.
local id, meta = unpack(ARGV)
if redis.call('HGET', job(id), 'state') ~= 'dead' then return 'not dead' end
if redis.call('EXISTS', message(id)) == 0 then return 'expired' end
redis.call('ZREM', KEY.DEAD, id)
redis.call('HDEL', job(id), 'error', 'finished_at', 'attempts')
redis.call('HSET', job(id), 'queued_at', seconds(now()))
enqueue('LPUSH', id)
tell(id, meta, OPEN_TTL_S)
keep_open(id)
return 'revived'
