-- A call is over: gives back its place, and what it did not use.
--
-- KEYS: of each demand its window and its calls under way.
-- ARGV: the lease, tokens more than were set aside (or fewer, if negative), whether the
--       call was made (1) or not (0); then of each demand whether it counts tokens (1), the
--       window in micros and the slot.
local lease, more, made = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'

local function giveback(window, what, slot, amount)
	local there = tonumber(redis.call('HGET', window.key, what .. slot)) or 0
	local back = math.min(amount, there)
	if back > 0 then
		redis.call('HINCRBY', window.key, what .. slot, -back)
		redis.call('HINCRBY', window.key, what, -back)
	end
end

for i = 1, #KEYS / 2 do
	local at = 3 + (i - 1) * 3
	local counts, slot = ARGV[at + 1] == '1', ARGV[at + 3]
	redis.call('ZREM', KEYS[i * 2], lease)
	if slot ~= '' and ((counts and more ~= 0) or not made) then
		local window = open(KEYS[i * 2 - 1], tonumber(ARGV[at + 2]))
		if counts and more > 0 then
			add(window, 0, more)
		elseif counts and more < 0 then
			giveback(window, 't', slot, -more)
		end
		if not made then
			giveback(window, 'r', slot, 1)
		end
	end
end
return 1
