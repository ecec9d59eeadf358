-- ARGV: worker, lease in seconds, ids. Renews what this worker still runs; returns those that it has lost.
local worker, lease_s = ARGV[1], tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEY.WORKERS, '-inf', seconds(now()))
enter(KEY.WORKERS, worker, now() + lease_s)
local lost = {}
for i = 3, #ARGV do
  local record = fields(ARGV[i], 'worker', 'state')
  if record[1] == worker and record[2] == 'running' then
    enter(KEY.RUNNING, ARGV[i], now() + lease_s)
  elseif record[2] == 'running' then
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
