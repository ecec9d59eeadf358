-- ARGV: the janitor's fencing token, its lease in seconds, how many of each set.
-- Answers how many times were corrected, and how many entries of the ledger were removed, as they have no record.
local fence, lease_s, limit = ARGV[1], tonumber(ARGV[2]), ARGV[3]
if read('GET', KEY.JANITOR) ~= fence then return {0, 0} end
local sets = {KEY.RUNNING, KEY.DELAYED, KEY.DEAD}
for priority, _ in pairs(QUEUES) do sets[#sets + 1] = waiting(priority) end
local corrected, removed = 0, 0

-- The dead are looked at from the latest on, as they are listed.
for _, set in ipairs(sets) do
  local ids = redis.call(set == KEY.DEAD and 'ZREVRANGE' or 'ZRANGE', set, 0, limit - 1)
  for _, id in ipairs(ids) do
    if redis.call('EXISTS', job(id)) == 0 then removed = removed + redis.call('ZREM', set, id) end
  end
end

-- A time that is further in the future than anybody writes one is from before the clock was put back, or from a
-- stranger: without this, a lease of such a time would only end when the clock has come there once more.
local function bring_back(set, after_s, new)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', set, '(' .. seconds(now() + after_s), '+inf', 'LIMIT', 0, limit)) do
    local score = new(id)
    if score and redis.call('ZREM', set, id) == 1 then
      enter(set, id, score)
      corrected = corrected + 1
    end
  end
end

-- Workers may have leases of different lengths, of an hour at most.
bring_back(KEY.RUNNING, lease_s + 1, function(id)
  local own = math.min(tonumber(fields(id, 'lease_s')[1] or nil) or 3600, 3600)
  local ends_at = tonumber(redis.call('ZSCORE', KEY.RUNNING, id))
  return ends_at > now() + own + 1 and now() + own
end)
bring_back(KEY.BATCHES, 601, now)
bring_back(KEY.WORKERS, 3601, function() return now() + lease_s end)
-- Nobody knows any more when these were due, and no pause between two attempts is longer than some minutes.
bring_back(KEY.DELAYED, 601, now)
for priority, _ in pairs(QUEUES) do bring_back(waiting(priority), 1, now) end
return {corrected, removed}
