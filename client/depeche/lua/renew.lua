-- ARGV: worker, lease in seconds, what it tells of itself or "", ids. Renews what this worker still runs; returns those
-- that it has lost.
local worker, lease_s, about = ARGV[1], tonumber(ARGV[2]), ARGV[3]
redis.call('ZREMRANGEBYSCORE', KEY.WORKERS, '-inf', seconds(now()))
enter(KEY.WORKERS, worker, now() + lease_s)
if about ~= '' then
  -- For operators only: leases are renewed also where Redis' user may not write this, as with an older aclfile.
  redis.pcall('SET', KEY.ABOUT .. worker, about, 'PX', math.ceil(lease_s * 1000))
end
local lost = {}
for i = 4, #ARGV do
  local record = fields(ARGV[i], 'worker', 'state')
  if record[1] == worker and record[2] == 'running' then
    enter(KEY.RUNNING, ARGV[i], now() + lease_s)
  elseif record[2] == 'running' then
    lost[#lost + 1] = ARGV[i]
  end
end
return lost
