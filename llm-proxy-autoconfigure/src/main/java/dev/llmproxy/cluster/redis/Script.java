package dev.llmproxy.cluster.redis;

import java.util.List;

import dev.llmproxy.gateway.ShippedText;

import org.springframework.data.redis.core.script.RedisScript;

/** The scripts, each of which is one step for all nodes. */
@SuppressWarnings("rawtypes")
final class Script {

	static final RedisScript<List> HINT = RedisScript.of(read("hint"), List.class);

	static final RedisScript<List> CHANGE = RedisScript.of(read("change"), List.class);

	static final RedisScript<List> READ = RedisScript.of(read("read"), List.class);

	private Script() {
	}

	private static String read(String name) {
		return ShippedText.read(Script.class, name + ".lua");
	}

}
