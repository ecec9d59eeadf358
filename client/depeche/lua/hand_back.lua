-- ARGV: id, worker, caller, Celery's meta. Answers released or refused.
-- Gives back what a stopping worker still runs, to the front of its queue. The attempt does not count.
local id, worker, caller, meta = unpack(ARGV)
local record = fields(id, 'worker', 'state', 'released')
if record[3] == caller then return 'released' end
if record[1] ~= worker or record[2] ~= 'running' then return 'refused' end
give_back(id, caller, false, 0, meta)
return 'released'
