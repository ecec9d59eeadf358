-- ARGV: the fencing token held so far or '', the one to hold from now on, time to live in milliseconds.
-- Answers the token held, or '' where another is the janitor.
-- One janitor at a time. Each term has a token of its own, and what is still sent with an older one is refused.
local held, new, term_ms = unpack(ARGV)
local holder = redis.call('GET', KEY.JANITOR)
-- It holds the new one already where the answer to its election was lost.
if holder and (holder == held or holder == new) then
  redis.call('PEXPIRE', KEY.JANITOR, term_ms)
  return holder
end
if holder then return '' end
redis.call('SET', KEY.JANITOR, new, 'PX', term_ms)
return new
