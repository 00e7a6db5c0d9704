-- Tells a hint, and keeps it for nodes that start while it holds.
--
-- KEYS: the hints.
-- ARGV: the channel, the message, what it is about, for how many milliseconds it holds,
--       how many hints are kept at most.
-- Answers how many heard it.
local type = redis.call('TYPE', KEYS[1]).ok
if type ~= 'hash' and type ~= 'none' then
	redis.call('DEL', KEYS[1])
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local holds = tonumber(ARGV[4])

local function full()
	return redis.call('HEXISTS', KEYS[1], ARGV[3]) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[5])
end

if full() then
	local all = redis.call('HGETALL', KEYS[1])
	for i = 1, #all, 2 do
		local ends = tonumber(string.match(all[i + 1], '^(%d+) '))
		if not ends or ends <= now then
			redis.call('HDEL', KEYS[1], all[i])
		end
	end
end
if not full() then
	redis.call('HSET', KEYS[1], ARGV[3], string.format('%.0f', now + holds) .. ' ' .. ARGV[2])
	if redis.call('PTTL', KEYS[1]) < holds then
		redis.call('PEXPIRE', KEYS[1], holds)
	end
end
return { redis.call('PUBLISH', ARGV[1], '0 ' .. ARGV[2]) }
