-- KEYS: slots.  ARGV: now (ms or ''), how many were answered, then name and age (ms) of each, then names of unused ones
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local answered = tonumber(ARGV[2])
for index = 3, 1 + 2 * answered, 2 do
  redis.call('ZADD', KEYS[1], now - math.floor(tonumber(ARGV[index + 1])) + WINDOW_MS + SPARE_MS, ARGV[index])
end
for index = 3 + 2 * answered, #ARGV do redis.call('ZREM', KEYS[1], ARGV[index]) end
redis.call('PEXPIRE', KEYS[1], LEASE_MS * 2)
return 0
