package dev.llmproxy.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The shape the answer's text must have. */
public sealed interface ResponseFormat {

	/** Any text. */
	record Text() implements ResponseFormat {
	}

	/** Any JSON object. */
	record JsonObject() implements ResponseFormat {
	}

	/**
	 * JSON that satisfies a schema.
	 *
	 * @param name OpenAI wants one; {@code response} where the caller gave none
	 * @param schema a JSON Schema in the caller's key order
	 * @param strict whether the provider shall enforce it
	 */
	record JsonSchema(String name, @Nullable String description, Map<String, @Nullable Object> schema,
			@Nullable Boolean strict) implements ResponseFormat {

		public JsonSchema {
			schema = Collections.unmodifiableMap(new LinkedHashMap<>(schema));
		}

	}

}
