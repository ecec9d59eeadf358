-- ARGV: id, worker, caller, lease in seconds, most attempts, whether it runs alone (1 or 0), Celery's meta, digest of
-- article and options or '', delivery tag and kombu's entry, or '' where the message is held already.
-- Answers started with run, attempt and seconds waited or ''; suspect; held; ended; unknown; cancelled with run;
-- exhausted with run, attempt and last worker; spoilt with the fault of the record; double: the id belongs to another
-- article. Whoever gets 'started' is the only one to run the job until the lease ends; 'run' is its fencing token.
local id, worker, caller, lease_s, most, alone, meta, digest, tag, entry = unpack(ARGV)
-- First of all, as the message is nowhere else: whatever becomes of the job, its worker has it until it lets it go.
if entry ~= '' then hold(tag, entry) end
local fault = fault_of(id)
if fault then return {'spoilt', fault} end
local state, attempts, run, last_worker, queued_at, started_at, cancel, claimed, dropped, known =
  unpack(fields(id, 'state', 'attempts', 'run', 'worker', 'queued_at', 'started_at', 'cancel', 'claimed', 'dropped',
    'digest'))
attempts, run = attempts or '0', run or '0'
if digest ~= '' and known ~= digest then
  if known then return {'double'} end
  -- The first message under an id decides what the job is.
  local is_new = redis.call('EXISTS', job(id)) == 0
  -- First a write that frees memory, as in all that workers run: see the prelude.
  redis.call('HDEL', job(id), 'no such field')
  redis.call('HSET', job(id), 'digest', digest)
  if is_new then redis.call('EXPIRE', job(id), OPEN_TTL_S) end
end
if ENDED[state] then
  -- It was cancelled while it waited, and this is the message for which its record was kept longer than others.
  local keep_s = field(id, 'keep_s')
  if keep_s and whole_number(keep_s) then
    redis.call('HDEL', job(id), 'keep_s')
    redis.call('EXPIRE', job(id), keep_s)
  end
  return {'ended'}
end
if dropped and not state then return {'ended'} end
-- Without its message it could not run a second time.
if not state or redis.call('EXISTS', message(id)) == 0 then return {'unknown'} end
-- The same call once more, as its answer was lost: the attempt that it has begun is the one that it gets.
local again = claimed == caller .. ' ' .. run
if not again then
  if state == 'running' and tonumber(redis.call('ZSCORE', KEY.RUNNING, id) or 0) > now() then return {'held'} end
  if cancel then return {'cancelled', run} end
  if tonumber(attempts) >= tonumber(most) then return {'exhausted', run, attempts, last_worker or ''} end
  -- It may have been its own fault that its last worker died: it runs alone, so that its neighbours are not counted
  -- out.
  if tonumber(attempts) > 0 and alone == '0' then return {'suspect'} end
end
leave(id)
if not again then
  redis.call('HDEL', job(id), 'error', 'in_vain')
  run = tostring(redis.call('HINCRBY', job(id), 'run', 1))
  attempts = tostring(redis.call('HINCRBY', job(id), 'attempts', 1))
  started_at = seconds(now())
  queued_at = queued_at or started_at
  redis.call('HSET', job(id), 'claimed', caller .. ' ' .. run, 'started_at', started_at, 'queued_at', queued_at)
end
redis.call('HSET', job(id), 'state', 'running', 'worker', worker, 'lease_s', lease_s,
  'progress', '{"stage":"segment","done":0,"total":1}')
count(id)
enter(KEY.RUNNING, id, now() + tonumber(lease_s))
tell(id, meta, OPEN_TTL_S)
keep_open(id)
-- How long it waited is not known of a job that another program has queued: it counts from its start.
local waited = (tonumber(started_at or nil) or 0) - tonumber(queued_at)
return {'started', run, attempts, waited > 0 and seconds(waited) or ''}
