package dev.llmproxy.client;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** JSON objects that other libraries carry as text. */
public final class JsonText {

	private static final TypeReference<LinkedHashMap<String, @Nullable Object>> MAP = new TypeReference<>() {
	};

	private JsonText() {
	}

	/**
	 * Reads an object, members in the order in which they stand.
	 * @param what whose it is, for the error
	 * @throws LlmException if it is none
	 */
	public static Map<String, @Nullable Object> object(String json, String what) {
		try {
			return ReadyMapper.shared().readValue(json, MAP);
		}
		catch (JacksonException ex) {
			throw new LlmException(LlmError.invalid("The schema of " + what + " is not a JSON object.", null));
		}
	}

}
