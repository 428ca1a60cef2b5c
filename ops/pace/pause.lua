-- KEYS: state.  ARGV: now (ms or ''), prefix, chat, wait (ms)
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local key, chat, ms = ARGV[2] .. ARGV[3], ARGV[3], tonumber(ARGV[4])
local till = math.max(tonumber(redis.call('GET', key) or 0), now + ms + (CHAT_BURST - 1) * CHAT_MS)
redis.call('SET', key, till, 'PX', math.ceil(till - now) + 1000)
local state = redis.call('HMGET', KEYS[1], 'pause', 'percent', 'braked', 'refused', 'refused_at')
local another = state[4] and state[4] ~= chat and now - tonumber(state[5]) < TOGETHER_MS
if ms >= EVERYBODY_MS or another then
  redis.call('HSET', KEYS[1], 'pause', math.max(tonumber(state[1]) or 0, now + ms))
end
redis.call('HSET', KEYS[1], 'refused', chat, 'refused_at', now)
local percent, braked = tonumber(state[2]) or 100, tonumber(state[3]) or 0
if now - braked >= TOGETHER_MS or percent == 100 then
  percent = math.min(100, percent + STEP_PERCENT * math.floor((now - braked) / STEP_MS))
  redis.call('HSET', KEYS[1], 'percent', math.max(LEAST_PERCENT, percent / 2), 'braked', now)
end
return 0
