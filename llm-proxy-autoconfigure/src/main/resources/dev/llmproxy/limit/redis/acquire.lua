-- Meets all demands of a call, or none.
--
-- KEYS: of each demand its window and its calls under way.
-- ARGV: the lease, how long it holds in micros, tokens; then of each demand the limits on
--       requests, tokens and concurrency (0 for none) and the window in micros.
-- Answers 1, and of each demand requests, tokens, concurrency, micros until the window is
-- empty and the slot; or 0, which demand could not be met, why (1 requests, 2 tokens,
-- 3 concurrency), micros to wait (-1 for ever), and the same of that demand.
local lease, holds, tokens = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local demands = {}
for i = 1, #KEYS / 2 do
	local at = 3 + (i - 1) * 4
	local demand = {
		requests = tonumber(ARGV[at + 1]),
		tokens = tonumber(ARGV[at + 2]),
		concurrency = tonumber(ARGV[at + 3]),
		calls = KEYS[i * 2],
		window = open(KEYS[i * 2 - 1], tonumber(ARGV[at + 4])),
		underway = 0
	}
	local window = demand.window
	local why, wait
	if demand.concurrency > 0 then
		if type(redis.pcall('ZREMRANGEBYSCORE', demand.calls, '-inf', micros())) == 'table' then
			-- Not ours.
			redis.call('DEL', demand.calls)
		end
		demand.underway = redis.call('ZCARD', demand.calls)
		if demand.underway >= demand.concurrency then
			why, wait = 3, 1000000
		end
	end
	if not why and demand.requests > 0 and window.r >= demand.requests then
		why, wait = 1, waitfor(window, 'r', demand.requests - 1)
	end
	if not why and demand.tokens > 0 and window.t + tokens > demand.tokens then
		why, wait = 2, (tokens > demand.tokens) and -1 or waitfor(window, 't', demand.tokens - tokens)
	end
	if why then
		return { 0, i - 1, why, wait, window.r, window.t, demand.underway, reset(window), window.slot }
	end
	demands[i] = demand
end

local answer = { 1 }
for i = 1, #demands do
	local demand = demands[i]
	local window = demand.window
	if demand.concurrency > 0 then
		local ends = micros() + holds
		redis.call('ZADD', demand.calls, ends, lease)
		redis.call('PEXPIRE', demand.calls, math.ceil(holds / 1000))
		demand.underway = demand.underway + 1
	end
	if demand.requests > 0 or demand.tokens > 0 then
		add(window, 1, (demand.tokens > 0) and tokens or 0)
	end
	answer[#answer + 1] = window.r
	answer[#answer + 1] = window.t
	answer[#answer + 1] = demand.underway
	answer[#answer + 1] = reset(window)
	answer[#answer + 1] = window.slot
end
return answer
