package dev.llmproxy.limit.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

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
		try (InputStream script = Script.class.getResourceAsStream(name + ".lua")) {
			if (script == null) {
				throw new IllegalStateException("The script " + name + " is missing");
			}
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
