-- Shared by the scripts that count in windows; put in front of each of them.
--
-- A quota's window is a hash: 'h' and 'l' are its oldest and its latest slot, 'r' and 't'
-- the requests and tokens of all of them, 'r<slot>' and 't<slot>' those of one.
local SLOTS = 120

local function micros()
	local time = redis.call('TIME')
	return time[1] * 1000000 + time[2]
end

-- Forgets what is too old, and tells what is left.
local function open(key, windowMicros)
	local width = math.floor(windowMicros / SLOTS)
	local now = micros()
	local slot = math.floor(now / width)
	local window = { key = key, width = width, slot = slot, head = slot, latest = slot, r = 0, t = 0 }
	local known = redis.pcall('HMGET', key, 'h', 'l', 'r', 't')
	if known.err then
		-- Not ours.
		redis.call('DEL', key)
		known = {}
	end
	local head, latest = tonumber(known[1]), tonumber(known[2])
	if not head or not latest then
		window.now = now
		return window
	end
	window.r, window.t = tonumber(known[3]) or 0, tonumber(known[4]) or 0
	if latest - slot > SLOTS then
		-- The clock went back by more than a window: what was used counts from now on.
		redis.call('DEL', key)
		redis.call('HSET', key, 'h', slot, 'l', slot, 'r', window.r, 't', window.t, 'r' .. slot, window.r,
			't' .. slot, window.t)
		redis.call('PEXPIRE', key, math.ceil(2 * windowMicros / 1000))
	elseif slot - latest > SLOTS then
		redis.call('DEL', key)
		window.r, window.t = 0, 0
	else
		window.slot = math.max(slot, latest)
		window.head, window.latest = head, latest
		local last = window.slot - SLOTS - 1
		if last >= head then
			local fields = {}
			for old = head, last do
				fields[#fields + 1] = 'r' .. old
				fields[#fields + 1] = 't' .. old
			end
			local amounts = redis.call('HMGET', key, unpack(fields))
			for i = 1, #amounts, 2 do
				window.r = window.r - (tonumber(amounts[i]) or 0)
				window.t = window.t - (tonumber(amounts[i + 1]) or 0)
			end
			redis.call('HDEL', key, unpack(fields))
			window.head = last + 1
			redis.call('HSET', key, 'h', window.head, 'r', window.r, 't', window.t)
		end
	end
	window.now = math.max(now, window.slot * width)
	return window
end

local function add(window, requests, tokens)
	window.r, window.t, window.latest = window.r + requests, window.t + tokens, window.slot
	redis.call('HINCRBY', window.key, 'r' .. window.slot, requests)
	redis.call('HINCRBY', window.key, 't' .. window.slot, tokens)
	redis.call('HSET', window.key, 'h', window.head, 'l', window.slot, 'r', window.r, 't', window.t)
	redis.call('PEXPIRE', window.key, math.ceil(2 * window.width * SLOTS / 1000))
end

-- Micros until nothing counts any more.
local function reset(window)
	return (window.latest + SLOTS + 1) * window.width - window.now
end

-- Micros until so many requests ('r') or tokens ('t') are left at most.
local function waitfor(window, what, most)
	local left = window[what]
	if left <= most then
		return 0
	end
	local fields = {}
	for slot = window.head, window.latest do
		fields[#fields + 1] = what .. slot
	end
	local amounts = redis.call('HMGET', window.key, unpack(fields))
	for i = 1, #amounts do
		left = left - (tonumber(amounts[i]) or 0)
		if left <= most then
			return (window.head + i - 1 + SLOTS + 1) * window.width - window.now
		end
	end
	return reset(window)
end
