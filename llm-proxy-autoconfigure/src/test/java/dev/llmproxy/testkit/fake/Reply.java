package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.JsonNode;

/** What a fake provider answers to one HTTP request. */
sealed interface Reply {

	/** Headers besides those of the framing. */
	Map<String, String> headers();

	static Reply json(int status, JsonNode body) {
		return new Whole(status, Map.of("Content-Type", "application/json"), Json.bytes(body));
	}

	static Reply content(String type, byte[] body) {
		return new Whole(200, Map.of("Content-Type", type), body);
	}

	/** Server-sent events, given as whole frames. */
	static Reply events(List<String> frames) {
		return new Frames(Map.of("Content-Type", "text/event-stream; charset=utf-8", "Cache-Control", "no-cache"),
				frames.stream().map((frame) -> frame.getBytes(StandardCharsets.UTF_8)).toList());
	}

	static Map<String, String> with(Map<String, String> headers, Map<String, String> more) {
		Map<String, String> all = new LinkedHashMap<>(headers);
		all.putAll(more);
		return all;
	}

	/** An answer with its length. */
	record Whole(int status, Map<String, String> headers, byte[] body) implements Reply {
	}

	/** A stream, each frame in a chunk of its own. */
	record Frames(Map<String, String> headers, List<byte[]> frames) implements Reply {
	}

}
