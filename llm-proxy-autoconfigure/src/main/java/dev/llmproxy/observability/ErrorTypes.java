package dev.llmproxy.observability;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import org.jspecify.annotations.Nullable;

/** The values of {@code error.type}, spelled once. */
final class ErrorTypes {

	/** Prometheus wants every series of a meter to have the same labels. */
	static final String NONE = "none";

	static final String CANCELLED = "cancelled";

	private static final Map<ErrorKind, String> BY_KIND = new EnumMap<>(ErrorKind.class);

	static {
		for (ErrorKind kind : ErrorKind.values()) {
			BY_KIND.put(kind, kind.name().toLowerCase(Locale.ROOT));
		}
	}

	private ErrorTypes() {
	}

	static String of(@Nullable LlmError error) {
		return (error != null) ? Objects.requireNonNull(BY_KIND.get(error.kind())) : NONE;
	}

}
