-- ARGV: id, run, caller, whether the attempt counts (1 or 0), seconds to wait, Celery's meta. Answers released or
-- refused. Gives a job back: at once, to the front of its queue, or after a while, by the janitor.
local id, run, caller, counts, delay_s, meta = unpack(ARGV)
local record = fields(id, 'run', 'state', 'released')
if record[3] == caller then return 'released' end
if record[1] ~= run or record[2] ~= 'running' then return 'refused' end
give_back(id, caller, counts == '1', tonumber(delay_s), meta)
return 'released'
