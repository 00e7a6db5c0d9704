package dev.llmproxy.dialect.openai;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Collects the fields of a request that have no place in the canonical model, by path.
 * The first entry says whose words they are, so that only an encoder of the same dialect
 * writes them back.
 */
final class RestFields {

	/** The entry that names the dialect. */
	static final String ORIGIN = "$dialect";

	private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

	RestFields(Dialect origin) {
		this.fields.put(ORIGIN, origin.name());
	}

	void add(Place place) {
		add(place.path(), place.node());
	}

	/** Adds all members of an object but those that were understood. */
	void addOthers(Place object, Set<String> understood) {
		for (Map.Entry<String, JsonNode> member : object.node().properties()) {
			if (!understood.contains(member.getKey())) {
				String path = object.path().isEmpty() ? member.getKey() : object.path() + "." + member.getKey();
				add(path, member.getValue());
			}
		}
	}

	private void add(String path, JsonNode value) {
		if (!OpenAiJson.saysNothing(value)) {
			this.fields.put(path, OpenAiJson.plain(value));
		}
	}

	void add(String path, Object value) {
		this.fields.put(path, value);
	}

	Map<String, @Nullable Object> fields() {
		return this.fields;
	}

	/** Whether the fields of a request were collected from that dialect. */
	static boolean areFrom(Dialect dialect, Map<String, @Nullable Object> fields) {
		return dialect.name().equals(fields.get(ORIGIN));
	}

	/** Whether a path names a field of the request itself and not of a part of it. */
	static boolean isTopLevel(String path) {
		return path.indexOf('.') < 0 && path.indexOf('[') < 0 && !path.equals(ORIGIN);
	}

}
