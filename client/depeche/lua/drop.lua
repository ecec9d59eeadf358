-- ARGV: id, caller. Forgets a dead job and its article. Answers dropped or not dead.
local id, caller = unpack(ARGV)
local state = field(id, 'state')
-- Longer than any copy of a message waits, save in a queue of more than a day.
local DROPPED_TTL_S = 86400
-- Among the dead there may be a record that somebody has spoilt.
if state ~= 'dead' and (STATES[state] or redis.call('ZREM', KEY.DEAD, id) == 0) then
  return field(id, 'dropped') == caller and 'dropped' or 'not dead'
end
local digest, revived, body = field(id, 'digest'), field(id, 'revived'), read('GET', message(id))
redis.call('ZREM', KEY.DEAD, id)
redis.call('DEL', job(id), message(id), result(id))
-- Who dropped it hears so again, as the answer may be lost, and so does who had it tried again before. And there may be
-- other copies of its message, which must not bring it back: they are known by these digests. A record without a state is
-- not a job.
redis.call('HSET', job(id), 'dropped', caller)
if revived then redis.call('HSET', job(id), 'revived', revived) end
if digest then redis.call('HSET', job(id), 'digest', digest) end
if body then redis.call('HSET', job(id), 'refused', redis.sha1hex(body)) end
redis.call('EXPIRE', job(id), DROPPED_TTL_S)
return 'dropped'
