-- Tells what an operator said, with a number that is higher than that of all that was said
-- before in the same place, and keeps it.
--
-- KEYS: the changes, the hints.
-- ARGV: the channel, the message, its place, whether it stands (1 or 0), the number of what
--       the node knows of the place, the number it has already or 0, whether it gives way
--       to what the node does not know (1 or 0), how many changes are kept at most, and
--       the hints that it ends.
-- Answers 1, the number and how many heard it; or 0 if it has given way or there is no room.
local type = redis.call('TYPE', KEYS[1]).ok
if type ~= 'hash' and type ~= 'none' then
	redis.call('DEL', KEYS[1])
end

local known = tonumber(ARGV[5])
local stored = redis.call('HGET', KEYS[1], ARGV[3])
local last = stored and tonumber(string.match(stored, '^(%d+) ')) or 0
-- No time of ours: somebody else wrote it, and nobody reads it.
if last > 8e15 then
	last = 0
end
if ARGV[7] == '1' and last >= known and last > 0 and (last > known or ARGV[6] ~= '0') then
	return { 0 }
end

local number = tonumber(ARGV[6])
if number == 0 then
	local time = redis.call('TIME')
	number = math.max(time[1] * 1000000 + time[2], last + 1, known + 1)
end

local most = tonumber(ARGV[8])
if not stored and redis.call('HLEN', KEYS[1]) >= most then
	local all = redis.call('HGETALL', KEYS[1])
	for i = 1, #all, 2 do
		if not string.match(all[i + 1], '^%d+ 1 ') then
			redis.call('HDEL', KEYS[1], all[i])
		end
	end
	if redis.call('HLEN', KEYS[1]) >= most then
		return { 0 }
	end
end

local text = string.format('%.0f', number)
redis.call('HSET', KEYS[1], ARGV[3], text .. ' ' .. ARGV[4] .. ' ' .. ARGV[2])
for i = 9, #ARGV do
	if redis.call('TYPE', KEYS[2]).ok == 'hash' then
		redis.call('HDEL', KEYS[2], ARGV[i])
	end
end
return { 1, number, redis.call('PUBLISH', ARGV[1], text .. ' ' .. ARGV[2]) }
