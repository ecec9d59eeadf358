-- ARGV: id, worker, Celery's meta. Answers released or refused.
-- Gives back what a stopping worker still runs, to the front of its queue. The attempt does not count.
local id, worker, meta = unpack(ARGV)
local record = redis.call('HMGET', job(id), 'worker', 'state')
if record[1] ~= worker or record[2] ~= 'running' then return 'refused' end
give_back(id, false, 0, meta)
return 'released'
