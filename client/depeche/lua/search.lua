-- ARGV: id, a part of it that JSON writes as it is, how many bytes to read, how many messages to read at once, the list to
-- begin with (from 1), the place to begin with in it, names of lists.
-- Answers found; none; or go on, with the last three arguments before the names for the next time.
-- Looks for the message of a job on these lists and then among what workers hold. Messages move in this direction. New
-- ones come in at the left end of a list and old ones leave at its right end, so what is read from the left on is not
-- missed where other messages come and go in between.
local id, part, bytes, at_once, first = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local place, lists, budget = ARGV[6], #ARGV - 6, bytes

-- Reading JSON is slow, so it is read only where the id may be in it. Anybody may have written it.
local function is_for_the_job(text, held)
  if not string.find(text, part, 1, true) then return false end
  local is_json, envelope = pcall(cjson.decode, text)
  -- Of what a worker holds, kombu writes [message, exchange, routing key].
  if held and is_json and type(envelope) == 'table' then envelope = envelope[1] end
  if not is_json or type(envelope) ~= 'table' then return false end
  local headers, properties = envelope.headers, envelope.properties
  if type(headers) == 'table' and headers.id then return headers.id == id end
  return type(properties) == 'table' and properties.correlation_id == id
end

for list = first, lists do
  local from = list == first and tonumber(place) or 0
  while true do
    if budget <= 0 then return {'go on', at_once, list, tostring(from)} end
    local texts = read('LRANGE', ARGV[6 + list], from, from + at_once - 1) or {}
    if #texts == 0 then break end
    local before = budget
    for _, text in ipairs(texts) do
      if is_for_the_job(text, false) then return {'found'} end
      budget = budget - #text
    end
    from = from + #texts
    -- As many as a step may read, if the next ones are as long: it takes Redis long to find a place in the middle.
    at_once = math.max(1, math.min(200, math.floor(bytes / (before - budget + 1) * #texts)))
  end
end

local cursor = first > lists and place or '0'
repeat
  if budget <= 0 then return {'go on', at_once, lists + 1, cursor} end
  local next_cursor, entries = unpack(read('HSCAN', KEY.UNACKED, cursor, 'COUNT', at_once) or {'0', {}})
  for i = 2, #entries, 2 do
    if is_for_the_job(entries[i], true) then return {'found'} end
    budget = budget - #entries[i]
  end
  cursor = next_cursor
until cursor == '0'
return {'none'}
