package dev.llmproxy.dialect.gemini;

import dev.llmproxy.dialect.DecodingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Arguments that Vertex AI streams in pieces ({@code partialArgs}), each with the place
 * it belongs to as a JSON path of names and indexes (RFC 9535). A piece of a string is
 * appended to what stands there.
 */
final class GeminiPartialArguments {

	private final ObjectNode arguments = GeminiJson.object();

	void accept(@Nullable JsonNode pieces) {
		if (pieces != null) {
			for (JsonNode piece : pieces) {
				put(piece.path("jsonPath").asString(""), piece);
			}
		}
	}

	/** All that came, as JSON. */
	String json() {
		return GeminiJson.MAPPER.writeValueAsString(this.arguments);
	}

	private void put(String path, JsonNode piece) {
		Path steps = new Path(path);
		JsonNode parent = this.arguments;
		Object step = steps.next();
		for (Object next; (next = steps.next()) != null; step = next) {
			JsonNode child = child(parent, step);
			if (child == null || !child.isContainer()) {
				child = (next instanceof Integer) ? GeminiJson.MAPPER.createArrayNode() : GeminiJson.object();
				set(parent, step, child);
			}
			parent = child;
		}
		if (step == null) {
			throw malformed();
		}
		JsonNode value = value(piece);
		JsonNode before = child(parent, step);
		if (value != null && value.isString() && before != null && before.isString()) {
			value = GeminiJson.MAPPER.getNodeFactory().stringNode(before.stringValue() + value.stringValue());
		}
		if (value != null) {
			set(parent, step, value);
		}
	}

	private static @Nullable JsonNode value(JsonNode piece) {
		for (String kind : new String[] { "stringValue", "numberValue", "boolValue" }) {
			if (piece.has(kind)) {
				return piece.get(kind);
			}
		}
		return piece.has("nullValue") ? GeminiJson.MAPPER.nullNode() : null;
	}

	private static @Nullable JsonNode child(JsonNode parent, @Nullable Object step) {
		if (parent instanceof ArrayNode array && step instanceof Integer index) {
			return array.get(index);
		}
		return (parent instanceof ObjectNode object && step instanceof String name) ? object.get(name) : null;
	}

	private static void set(JsonNode parent, @Nullable Object step, JsonNode value) {
		if (parent instanceof ObjectNode object && step instanceof String name) {
			object.set(name, value);
		}
		else if (parent instanceof ArrayNode array && step instanceof Integer index && index <= array.size()) {
			if (index == array.size()) {
				array.add(value);
			}
			else {
				array.set(index, value);
			}
		}
		else {
			throw malformed();
		}
	}

	private static DecodingException malformed() {
		return new DecodingException("a piece of arguments has no place");
	}

	/** The steps of {@code $.a[0]['b']}: names and indexes. */
	private static final class Path {

		private final String text;

		private int at = 1;

		Path(String text) {
			if (!text.startsWith("$")) {
				throw malformed();
			}
			this.text = text;
		}

		@Nullable Object next() {
			if (this.at >= this.text.length()) {
				return null;
			}
			return switch (this.text.charAt(this.at)) {
				case '.' -> name();
				case '[' -> bracket();
				default -> throw malformed();
			};
		}

		private String name() {
			int from = ++this.at;
			while (this.at < this.text.length() && this.text.charAt(this.at) != '.'
					&& this.text.charAt(this.at) != '[') {
				this.at++;
			}
			return this.text.substring(from, this.at);
		}

		private Object bracket() {
			char first = (this.at + 1 < this.text.length()) ? this.text.charAt(this.at + 1) : ']';
			if (first == '\'' || first == '"') {
				return quoted(first);
			}
			int end = this.text.indexOf(']', this.at);
			try {
				int index = Integer.parseInt(this.text, this.at + 1, Math.max(end, this.at + 1), 10);
				if (index >= 0) {
					this.at = end + 1;
					return index;
				}
			}
			catch (NumberFormatException ex) {
				// Answered below.
			}
			throw malformed();
		}

		private String quoted(char quote) {
			StringBuilder name = new StringBuilder();
			for (int i = this.at + 2; i < this.text.length(); i++) {
				char c = this.text.charAt(i);
				if (c == quote && i + 1 < this.text.length() && this.text.charAt(i + 1) == ']') {
					this.at = i + 2;
					return name.toString();
				}
				name.append((c == '\\' && i + 1 < this.text.length()) ? this.text.charAt(++i) : c);
			}
			throw malformed();
		}

	}

}
