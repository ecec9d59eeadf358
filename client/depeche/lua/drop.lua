-- ARGV: id, caller. Forgets a dead job and its article. Answers dropped or not dead.
local id, caller = unpack(ARGV)
local record = redis.call('HMGET', job(id), 'state', 'dropped')
if record[1] ~= 'dead' then return record[2] == caller and 'dropped' or 'not dead' end
redis.call('ZREM', KEY.DEAD, id)
redis.call('DEL', job(id), message(id), result(id))
-- Who dropped it hears so again for a minute, as the answer may be lost. A record without a state is no job.
redis.call('HSET', job(id), 'dropped', caller)
redis.call('EXPIRE', job(id), 60)
return 'dropped'
