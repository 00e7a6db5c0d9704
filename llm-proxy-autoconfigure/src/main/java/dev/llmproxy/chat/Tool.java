package dev.llmproxy.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Something the model may call. */
public sealed interface Tool {

	/** The name the model calls it by, or the hosted tool's type. */
	String name();

	/**
	 * Run by the caller.
	 *
	 * @param parameters a JSON Schema object in the caller's key order; {@code null}
	 * where none was given
	 * @param strict whether the provider shall enforce the schema
	 */
	record Function(String name, @Nullable String description, @Nullable Map<String, @Nullable Object> parameters,
			@Nullable Boolean strict, @Nullable CacheControl cacheControl) implements Tool {

		public Function {
			parameters = (parameters != null) ? Collections.unmodifiableMap(new LinkedHashMap<>(parameters)) : null;
		}

	}

	/**
	 * Run by the provider (web search, code execution …); means something only to the
	 * dialect it came from.
	 *
	 * @param origin the dialect's name
	 * @param name the tool's type, for messages
	 * @param definition the JSON as it came
	 */
	record Hosted(String origin, String name, Map<String, @Nullable Object> definition) implements Tool {

		public Hosted {
			definition = Collections.unmodifiableMap(new LinkedHashMap<>(definition));
		}

	}

}
