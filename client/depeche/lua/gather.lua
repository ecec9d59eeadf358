-- ARGV: how many at most, then a list and the queue that it belongs to, by turns.
-- Puts what lies on the lists at the end of their queues; returns how many that were, and the last fault or ''.
-- pcall, as anybody may have put something else than a list there, and the other lists must be emptied all the same.
local most, moved, fault = tonumber(ARGV[1]), 0, ''
for i = 2, #ARGV, 2 do
  -- Nothing is taken off for a queue that is of another type, as it could not be put there, and would be lost.
  local kind = redis.call('TYPE', ARGV[i + 1]).ok
  while moved < most and (kind == 'list' or kind == 'none') do
    local body = redis.pcall('RPOP', ARGV[i])
    if type(body) ~= 'string' then
      if type(body) == 'table' and body.err then fault = body.err end
      break
    end
    redis.call('LPUSH', ARGV[i + 1], body)
    moved = moved + 1
  end
end
return {moved, fault}
