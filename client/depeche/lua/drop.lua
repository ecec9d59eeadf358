-- ARGV: id, caller. Forgets a dead job and its article. Answers dropped or not dead.
local id, caller = unpack(ARGV)
local state = field(id, 'state')
-- Among the dead there may be a record that somebody has spoilt.
if state ~= 'dead' and (STATES[state] or redis.call('ZREM', KEY.DEAD, id) == 0) then
  return field(id, 'dropped') == caller and 'dropped' or 'not dead'
end
redis.call('ZREM', KEY.DEAD, id)
redis.call('DEL', job(id), message(id), result(id))
-- Who dropped it hears so again for a minute, as the answer may be lost. A record without a state is not a job.
redis.call('HSET', job(id), 'dropped', caller)
redis.call('EXPIRE', job(id), 60)
return 'dropped'
