package dev.llmproxy.testkit.fake;

import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The JSON form of protocol buffers as Google's servers read it: field names in lower
 * camel case or in snake case, enum values in any case, bytes in either Base64 alphabet
 * and with or without padding.
 */
final class Proto {

	private Proto() {
	}

	/** The same message with all its own names in camel case. */
	static Fields message(Fields fields) {
		ObjectNode renamed = Json.object();
		for (Map.Entry<String, JsonNode> field : fields.node().properties()) {
			String name = camel(field.getKey());
			if (renamed.has(name)) {
				throw new GeminiWording().invalid(fields.at(name), "field was set twice");
			}
			renamed.set(name, field.getValue());
		}
		return Fields.of(renamed, fields.path(), new GeminiWording());
	}

	private static String camel(String name) {
		StringBuilder camel = new StringBuilder();
		for (int i = 0; i < name.length(); i++) {
			boolean hump = name.charAt(i) == '_' && i > 0 && i + 1 < name.length();
			camel.append(hump ? Character.toUpperCase(name.charAt(++i)) : name.charAt(i));
		}
		return camel.toString();
	}

	/** An enum value by its canonical name, or {@code null} if it is absent. */
	static @Nullable String optEnum(Fields fields, String name, String... allowed) {
		String value = fields.optText(name);
		if (value == null) {
			return null;
		}
		for (String candidate : allowed) {
			if (candidate.equals(value.toUpperCase(Locale.ROOT))) {
				return candidate;
			}
		}
		throw new GeminiWording().value(fields.at(name), value, List.of(allowed));
	}

	static byte[] bytes(Fields fields, String name) {
		String text = fields.text(name);
		byte[] bytes = decode(text);
		if (bytes == null) {
			throw GeminiWording.invalidValue(fields.at(name), "TYPE_BYTES",
					"Base64 decoding failed for \"" + text.substring(0, Math.min(20, text.length())) + "\"");
		}
		return bytes;
	}

	static byte @Nullable [] decode(String base64) {
		try {
			return Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
