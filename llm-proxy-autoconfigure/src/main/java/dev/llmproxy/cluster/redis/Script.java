package dev.llmproxy.cluster.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

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
