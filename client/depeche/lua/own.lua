-- ARGV: id, digest of article and options. Whether the job with this id is the one with this digest (1 or 0).
-- A job that no digest is known of gets this one: the first message under an id decides what the job is.
local id, digest = unpack(ARGV)
local known = field(id, 'digest')
if known then return known == digest and 1 or 0 end
-- A key of another type is no record; claim says so.
if redis.call('TYPE', job(id)).ok ~= 'hash' and redis.call('EXISTS', job(id)) == 1 then return 1 end
local new = redis.call('EXISTS', job(id)) == 0
-- First a write that frees memory, as in all that workers run: see the prelude.
redis.call('HDEL', job(id), 'no such field')
redis.call('HSET', job(id), 'digest', digest)
if new then redis.call('EXPIRE', job(id), OPEN_TTL_S) end
return 1
