-- ARGV: the fencing token held so far or '', the one to hold from now on. A token ends in the term's milliseconds.
-- Answers the token held, or '' where another is the janitor.
-- One janitor at a time. Each term has a token of its own, and what is still sent with an older one is refused.
local held, new = unpack(ARGV)
local holder, term_ms = redis.call('GET', KEY.JANITOR), tonumber(string.match(new, '%d+$'))
-- It holds the new one already where the answer to its election was lost.
if holder and (holder == held or holder == new) then
  redis.call('PEXPIRE', KEY.JANITOR, term_ms)
  return holder
end
if holder then
  -- No term lasts longer than it did at its beginning, unless the clock was put back.
  local left, whole = redis.call('PTTL', KEY.JANITOR), tonumber(string.match(holder, ' (%d+)$') or term_ms)
  if left >= 0 and left <= whole then return '' end
end
-- Deleted first, as that is a write that a full Redis takes, and so is each after it.
redis.call('DEL', KEY.JANITOR)
redis.call('SET', KEY.JANITOR, new, 'PX', term_ms)
return new
