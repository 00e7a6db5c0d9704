-- Reads what is kept, and removes what is over, too long or none of ours.
--
-- KEYS: the changes, the hints.
-- ARGV: how long a value may be, how many there may be.
-- Answers how many were none of ours; then 'c', the number and the message of each change,
-- and 'h', the milliseconds left and the message of each hint.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local answer = { '0' }
local foreign = 0

local function each(key, pattern, take)
	local type = redis.call('TYPE', key).ok
	if type == 'none' then
		return
	end
	if type ~= 'hash' or redis.call('HLEN', key) > tonumber(ARGV[2]) then
		foreign = foreign + 1
		redis.call('DEL', key)
		return
	end
	local all = redis.call('HGETALL', key)
	for i = 1, #all, 2 do
		local number, message
		if string.len(all[i + 1]) <= tonumber(ARGV[1]) then
			number, message = string.match(all[i + 1], pattern)
		end
		if not number then
			foreign = foreign + 1
		end
		if not number or not take(number, message) then
			redis.call('HDEL', key, all[i])
		end
	end
end

each(KEYS[1], '^(%d+) [01] (.*)$', function(number, message)
	answer[#answer + 1] = 'c ' .. number .. ' ' .. message
	return true
end)
each(KEYS[2], '^(%d+) (.*)$', function(ends, message)
	local left = tonumber(ends) - now
	if left > 0 then
		answer[#answer + 1] = 'h ' .. string.format('%.0f', left) .. ' ' .. message
	end
	return left > 0
end)
answer[1] = tostring(foreign)
return answer
