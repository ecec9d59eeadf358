-- ARGV: time to live in seconds, then name and type by turns. Answers the names of the keys that had another type.
local found = {}
for i = 2, #ARGV, 2 do
  local kind = redis.call('TYPE', ARGV[i]).ok
  if kind ~= 'none' and kind ~= ARGV[i + 1] then
    move_aside(ARGV[i], ARGV[1])
    found[#found + 1] = ARGV[i]
  end
end
return found
