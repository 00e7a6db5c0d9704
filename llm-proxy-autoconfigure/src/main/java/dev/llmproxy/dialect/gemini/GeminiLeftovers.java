package dev.llmproxy.dialect.gemini;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fields of a request that have no canonical place: collected by path when a request is
 * decoded, put back when an edited one is encoded for its own dialect again.
 */
final class GeminiLeftovers {

	/** Says which dialect the others come from. */
	private static final String ORIGIN = "$dialect";

	private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

	private final boolean kept;

	private GeminiLeftovers(boolean kept) {
		this.kept = kept;
	}

	/** For a request. */
	static GeminiLeftovers kept() {
		return new GeminiLeftovers(true);
	}

	/** For an answer, where nobody asks for them. */
	static GeminiLeftovers ignored() {
		return new GeminiLeftovers(false);
	}

	void add(String path, JsonNode value) {
		if (this.kept) {
			this.values.put(path, GeminiJson.plain(value));
		}
	}

	void into(ChatRequest.Builder request) {
		if (!this.values.isEmpty()) {
			request.rest(ORIGIN, Dialect.GEMINI.name());
			this.values.forEach(request::rest);
		}
	}

	/**
	 * Writes back what came from this dialect and stood in nested objects only; whatever
	 * belongs to an element of a list, or to another dialect, is dropped.
	 */
	static void restore(ChatRequest request, ObjectNode body, GeminiDropped dropped) {
		boolean own = Dialect.GEMINI.name().equals(request.rest().get(ORIGIN));
		request.rest().forEach((path, value) -> {
			if (path.equals(ORIGIN)) {
				return;
			}
			if (own && path.indexOf('[') < 0) {
				put(body, path, GeminiJson.tree(value));
			}
			else {
				dropped.add(path);
			}
		});
	}

	private static void put(ObjectNode body, String path, JsonNode value) {
		Deque<String> names = new ArrayDeque<>();
		for (int from = 0, dot; from <= path.length(); from = dot + 1) {
			dot = path.indexOf('.', from);
			dot = (dot < 0) ? path.length() : dot;
			names.add(path.substring(from, dot));
		}
		ObjectNode parent = body;
		while (names.size() > 1) {
			String name = names.remove();
			parent = (parent.get(name) instanceof ObjectNode child) ? child : parent.putObject(name);
		}
		parent.set(names.remove(), value);
	}

}
