-- ARGV: id, caller, for how many seconds. Whether this caller is to send the tasks that come after this job (1 or 0).
-- It has ended, nothing was sent, and nobody else is sending. Who is may die, and then its own message brings another.
local id, caller, for_s = unpack(ARGV)
local state, known = unpack(fields(id, 'state', 'callbacks'))
if not ENDED[state] or known == 'sent' then return 0 end
local holder, until_s = string.match(known or '', '^(%S+) ([%d.]+)$')
local left_s = (tonumber(until_s) or 0) - now()
-- A time further away than anybody sets one is from before the clock was put back, or from a stranger.
if holder and holder ~= caller and left_s > 0 and left_s <= tonumber(for_s) then return 0 end
redis.call('HDEL', job(id), 'no such field')
redis.call('HSET', job(id), 'callbacks', caller .. ' ' .. seconds(now() + tonumber(for_s)))
return 1
