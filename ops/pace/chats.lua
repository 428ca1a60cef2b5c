-- ARGV: now (ms or ''), prefix, chats. Returns the wait of each in ms, 0 for those whose message was spent.
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local waits = {}
for index = 3, #ARGV do
  local key = ARGV[2] .. ARGV[index]
  local spent = tonumber(redis.call('GET', key) or now)
  local ms = spent - (CHAT_BURST - 1) * CHAT_MS - now
  if ms > 0 then
    waits[#waits + 1] = math.ceil(ms)
  else
    spent = math.max(spent, now) + CHAT_MS
    redis.call('SET', key, spent, 'PX', math.ceil(spent - now) + 1000)
    waits[#waits + 1] = 0
  end
end
return waits
