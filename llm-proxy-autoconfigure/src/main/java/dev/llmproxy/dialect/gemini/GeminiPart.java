package dev.llmproxy.dialect.gemini;

import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One part as it was sent. Its members exclude each other, apart from {@link #thought}
 * and {@link #signature}, which go with any.
 */
final class GeminiPart {

	@Nullable String text;

	boolean thought;

	@Nullable Signature signature;

	@Nullable JsonNode inlineData;

	@Nullable JsonNode fileData;

	@Nullable Call call;

	@Nullable JsonNode functionResponse;

	private GeminiPart() {
	}

	static GeminiPart read(JsonNode node, String path, GeminiLeftovers rest) {
		GeminiPart part = new GeminiPart();
		GeminiJson.members(node, path, (name, value) -> {
			String at = GeminiJson.join(path, name);
			switch (name) {
				case "text" -> part.text = GeminiJson.text(value, at);
				case "thought" -> part.thought = GeminiJson.bool(value, at);
				case "thoughtSignature" -> part.signature = GeminiSignatures.read(GeminiJson.text(value, at));
				case "inlineData" -> part.inlineData = value;
				case "fileData" -> part.fileData = value;
				case "functionCall" -> part.call = Call.read(value, at, rest);
				case "functionResponse" -> part.functionResponse = value;
				default -> rest.add(at, value);
			}
		});
		return part;
	}

	/**
	 * A function call. Vertex AI streams the arguments of one in several, of which only
	 * the first has the name, if it is asked to.
	 */
	static final class Call {

		@Nullable String id;

		@Nullable String name;

		@Nullable JsonNode args;

		@Nullable JsonNode partialArgs;

		boolean willContinue;

		private Call() {
		}

		private static Call read(JsonNode node, String path, GeminiLeftovers rest) {
			Call call = new Call();
			GeminiJson.members(node, path, (name, value) -> {
				String at = GeminiJson.join(path, name);
				switch (name) {
					case "id" -> call.id = GeminiJson.text(value, at);
					case "name" -> call.name = GeminiJson.text(value, at);
					case "args" -> call.args = args(value, at);
					case "partialArgs" -> call.partialArgs = value;
					case "willContinue" -> call.willContinue = GeminiJson.bool(value, at);
					default -> rest.add(at, value);
				}
			});
			return call;
		}

		private static JsonNode args(JsonNode value, String path) {
			if (!value.isObject()) {
				throw new InvalidRequestException("An object is expected here.", path);
			}
			return value;
		}

		String arguments() {
			return (this.args != null) ? GeminiJson.MAPPER.writeValueAsString(this.args) : "{}";
		}

	}

}
