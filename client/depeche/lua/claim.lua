-- ARGV: id, worker, lease in seconds, most attempts, whether it runs alone (1 or 0), Celery's meta.
-- Whoever gets 'started' is the only one to run the job until the lease ends; 'run' is its fencing token.
local id, worker, lease_s, most, alone, meta = unpack(ARGV)
local record = redis.call('HMGET', job(id), 'state', 'attempts', 'worker', 'queued_at', 'cancel')
local state, attempts = record[1], tonumber(record[2] or 0)
if ENDED[state] then return {'ended'} end
-- Without its message it could not run a second time.
if not state or redis.call('EXISTS', message(id)) == 0 then return {'unknown'} end
if state == 'running' and tonumber(redis.call('ZSCORE', KEY.RUNNING, id) or 0) > now() then return {'held'} end
if record[5] then return {'cancelled', redis.call('HGET', job(id), 'run') or '0'} end
if attempts >= tonumber(most) then
  return {'exhausted', redis.call('HGET', job(id), 'run') or '0', tostring(attempts), record[3] or ''}
end
-- It may have been its own fault that its last worker died: it runs alone, so that its neighbours are not counted out.
if attempts > 0 and alone == '0' then return {'suspect'} end
leave(id)
redis.call('HDEL', job(id), 'error')
local run = redis.call('HINCRBY', job(id), 'run', 1)
attempts = redis.call('HINCRBY', job(id), 'attempts', 1)
redis.call('HSET', job(id), 'state', 'running', 'worker', worker, 'started_at', seconds(now()),
  'progress', '{"stage":"segment","done":0,"total":1}')
enter(KEY.RUNNING, id, now() + tonumber(lease_s))
if not record[4] then redis.call('HSET', job(id), 'queued_at', seconds(now())) end
tell(id, meta, OPEN_TTL_S)
keep_open(id)
local waited = record[4] and seconds(now() - tonumber(record[4])) or ''
return {'started', tostring(run), tostring(attempts), waited}
