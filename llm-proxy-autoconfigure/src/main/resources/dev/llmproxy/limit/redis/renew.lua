-- A node says that it is there, and that its calls are still under way.
--
-- KEYS: the nodes, then the calls under way that some of its calls are among.
-- ARGV: the node, how long its word holds in micros; then of each further key how many
--       calls, and their leases.
-- Answers how many nodes there are.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local holds = tonumber(ARGV[2])

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + holds, ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.ceil(holds / 1000))

local at = 3
for i = 2, #KEYS do
	local count = tonumber(ARGV[at])
	for j = 1, count do
		redis.call('ZADD', KEYS[i], 'XX', now + holds, ARGV[at + j])
	end
	redis.call('PEXPIRE', KEYS[i], math.ceil(holds / 1000))
	at = at + 1 + count
end
return redis.call('ZCARD', KEYS[1])
