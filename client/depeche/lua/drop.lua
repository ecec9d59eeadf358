-- ARGV: id. Forgets a dead job and its article. Answers dropped or not dead.
local id = ARGV[1]
if redis.call('HGET', job(id), 'state') ~= 'dead' then return 'not dead' end
redis.call('ZREM', KEY.DEAD, id)
redis.call('DEL', job(id), message(id), result(id))
return 'dropped'
