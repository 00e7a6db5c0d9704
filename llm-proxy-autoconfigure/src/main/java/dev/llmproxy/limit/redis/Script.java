package dev.llmproxy.limit.redis;

import dev.llmproxy.gateway.ShippedText;

import org.springframework.data.redis.core.script.RedisScript;

/** The scripts, each of which is one step for all nodes. */
final class Script {

	@SuppressWarnings("rawtypes")
	static final RedisScript<java.util.List> ACQUIRE = RedisScript.of(read("window") + read("acquire"),
			java.util.List.class);

	static final RedisScript<Long> SETTLE = RedisScript.of(read("window") + read("settle"), Long.class);

	static final RedisScript<Long> RENEW = RedisScript.of(read("renew"), Long.class);

	private Script() {
	}

	private static String read(String name) {
		return ShippedText.read(Script.class, name + ".lua");
	}

}
