-- ARGV: id, a part of it that JSON writes as it is, how many bytes to read, the list to begin with (from 1), the place to
-- begin with in it, names of lists.
-- Answers found; none; or go on, with the list and the place to begin with the next time.
-- Looks for the message of a job on these lists and then among what workers hold. Messages move in this direction. New
-- ones come in at the left end of a list and old ones leave at its right end, so what is read from the left on is not
-- missed where other messages come and go in between.
local id, part, budget = ARGV[1], ARGV[2], tonumber(ARGV[3])
local first, place = tonumber(ARGV[4]), ARGV[5]
local lists, at_once = #ARGV - 5, 50

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
    if budget <= 0 then return {'go on', list, tostring(from)} end
    local texts = read('LRANGE', ARGV[5 + list], from, from + at_once - 1) or {}
    if #texts == 0 then break end
    for _, text in ipairs(texts) do
      if is_for_the_job(text, false) then return {'found'} end
      budget = budget - #text
    end
    from = from + #texts
  end
end

local cursor = first > lists and place or '0'
repeat
  if budget <= 0 then return {'go on', lists + 1, cursor} end
  local next_cursor, entries = unpack(read('HSCAN', KEY.UNACKED, cursor, 'COUNT', at_once) or {'0', {}})
  for i = 2, #entries, 2 do
    if is_for_the_job(entries[i], true) then return {'found'} end
    budget = budget - #entries[i]
  end
  cursor = next_cursor
until cursor == '0'
return {'none'}
