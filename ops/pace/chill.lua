-- KEYS: state.  ARGV: now (ms or '')
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
redis.call('HSET', KEYS[1], 'cold', now + COLD_MS)
return 0
