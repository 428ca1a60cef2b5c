-- KEYS: slots, state, waiting lane 0..3, processes.
-- ARGV: now (ms, or '' for the server's clock), lane, wanted, name, rate, chat ('' for none), prefix, ahead (ms), process
-- Returns {wait, processes, the wait of each slot}. The law is that of ops/pace/law.py; the numbers are filled in from there.
local now = tonumber(ARGV[1])
if not now then local t = redis.call('TIME'); now = t[1] * 1000 + math.floor(t[2] / 1000) end
local lane, wanted, name, rate = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
redis.call('ZREMRANGEBYSCORE', KEYS[7], '-inf', now)
redis.call('ZADD', KEYS[7], now + KNOWN_MS, ARGV[9])
redis.call('PEXPIRE', KEYS[7], KNOWN_MS)
local processes = redis.call('ZCARD', KEYS[7])
local ahead = tonumber(ARGV[8])
local function wait(ms)
  redis.call('ZADD', KEYS[3 + lane], now + WAITER_MS, name)
  redis.call('PEXPIRE', KEYS[3 + lane], 60000)
  return {math.ceil(math.max(1, ms)), processes}
end
local state = redis.call('HMGET', KEYS[2], 'cold', 'pause', 'percent', 'braked')
local cold = tonumber(state[1])
if not cold then
  cold = now + COLD_MS
  redis.call('HSET', KEYS[2], 'cold', cold)
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local start = math.max(cold, tonumber(state[2]) or 0)
if start > now then return wait(start - now) end
for better = 0, lane - 1 do
  redis.call('ZREMRANGEBYSCORE', KEYS[3 + better], '-inf', now)
  if redis.call('ZCARD', KEYS[3 + better]) > 0 then return wait(1) end
end
local limit = rate
if lane == 3 and state[3] then
  local percent = math.min(100, tonumber(state[3]) + STEP_PERCENT * math.floor((now - tonumber(state[4])) / STEP_MS))
  limit = math.max(1, math.floor(rate * percent / 100))
end
local room = limit - redis.call('ZCARD', KEYS[1])
local answer = {0, processes}
for number = 1, math.min(wanted, room) do answer[#answer + 1] = 0 end
if ahead > 0 and room < wanted then
  -- Taken over from those that come free in a moment; those that are too many for the limit go to nobody.
  local from, to = math.max(0, -room), wanted - 1 + math.max(0, -room) - math.max(0, room)
  local soon = redis.call('ZRANGE', KEYS[1], from, to, 'WITHSCORES')
  for index = 1, #soon, 2 do
    local free = tonumber(soon[index + 1])
    if free > now + ahead then break end
    redis.call('ZREM', KEYS[1], soon[index])
    answer[#answer + 1] = math.ceil(free - now)
  end
end
local granted = #answer - 2
if granted == 0 then
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return wait(tonumber(first[2]) - now - ahead)
end
for number = 1, granted do redis.call('ZADD', KEYS[1], now + LEASE_MS, name .. ':' .. number) end
redis.call('PEXPIRE', KEYS[1], LEASE_MS * 2)
redis.call('ZREM', KEYS[3 + lane], name)
if ARGV[6] ~= '' then
  local key = ARGV[7] .. ARGV[6]
  local spent = math.max(tonumber(redis.call('GET', key) or now), now) + CHAT_MS
  redis.call('SET', key, spent, 'PX', math.ceil(spent - now) + 1000)
end
return answer
