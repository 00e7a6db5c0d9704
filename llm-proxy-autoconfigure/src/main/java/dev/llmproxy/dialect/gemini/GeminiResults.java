package dev.llmproxy.dialect.gemini;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.dialect.InvalidRequestException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code functionResponse}: an object, and since Gemini 3 media beside it. By the API
 * reference its member {@code output} is the result and {@code error} tells of a failure;
 * without either the whole object is the result. Text that is a JSON object is sent as
 * that object, other text as {@code output} or {@code error}.
 */
final class GeminiResults {

	private static final String OUTPUT = "output";

	private static final String ERROR = "error";

	private GeminiResults() {
	}

	static Part.ToolResult decode(JsonNode node, String path, GeminiCallIds ids, GeminiLeftovers rest) {
		Fields fields = new Fields();
		GeminiJson.members(node, path, (name, value) -> {
			String at = GeminiJson.join(path, name);
			switch (name) {
				case "id" -> fields.id = GeminiJson.text(value, at);
				case "name" -> fields.name = GeminiJson.text(value, at);
				case "response" -> fields.response = value;
				case "parts" -> fields.media = media(value, at, rest);
				default -> rest.add(at, value);
			}
		});
		if (fields.name == null) {
			throw new InvalidRequestException("A function response has the function's name.",
					GeminiJson.join(path, "name"));
		}
		List<Part> content = new ArrayList<>();
		JsonNode response = fields.response;
		if (response != null && !response.isObject()) {
			throw new InvalidRequestException("An object is expected here.", GeminiJson.join(path, "response"));
		}
		if (response != null && !response.isEmpty()) {
			content.add(Part.text(text(response)));
		}
		content.addAll(fields.media);
		return new Part.ToolResult(ids.response(fields.id, fields.name), fields.name, content,
				response != null && tellsError(response), null);
	}

	private static List<Part> media(JsonNode parts, String path, GeminiLeftovers rest) {
		List<Part> media = new ArrayList<>();
		int index = 0;
		for (JsonNode part : GeminiJson.items(parts, path)) {
			String at = path + "[" + index++ + "]";
			GeminiJson.members(part, at, (name, value) -> {
				String field = GeminiJson.join(at, name);
				switch (name) {
					case "inlineData" -> media.add(GeminiMedia.inline(value, field, rest));
					case "fileData" -> media.add(GeminiMedia.file(value, field, rest));
					default -> rest.add(field, value);
				}
			});
		}
		return media;
	}

	private static boolean tellsError(JsonNode response) {
		return response.hasNonNull(ERROR) && !response.has(OUTPUT);
	}

	/** The inverse of {@link #object}: takes off only what that would put around. */
	private static String text(JsonNode response) {
		JsonNode lone = (response.size() > 1) ? null
				: response.has(OUTPUT) ? response.get(OUTPUT) : response.get(ERROR);
		if (lone != null && lone.isString() && GeminiJson.parseObject(lone.stringValue()) == null) {
			return lone.stringValue();
		}
		boolean wrapped = lone != null && lone.isObject() && tellsError(lone) != tellsError(response);
		return GeminiJson.MAPPER.writeValueAsString(wrapped ? lone : response);
	}

	/**
	 * Writes a result.
	 * @param beside takes the parts that can't be inside the response
	 */
	static ObjectNode encode(Part.ToolResult result, String name, GeminiModel model, List<ObjectNode> beside,
			String path, GeminiDropped dropped) {
		ObjectNode part = GeminiJson.object();
		ObjectNode response = part.putObject("functionResponse");
		if (model.third()) {
			response.put("id", result.toolCallId());
		}
		response.put("name", name);
		StringBuilder text = null;
		List<ObjectNode> inside = new ArrayList<>();
		for (int i = 0; i < result.content().size(); i++) {
			Part content = result.content().get(i);
			String plain = plainText(content);
			if (plain != null) {
				text = (text == null) ? new StringBuilder() : text.append('\n');
				text.append(plain);
				continue;
			}
			ObjectNode media = GeminiMedia.write(content);
			if (media == null) {
				dropped.add(path + ".content[" + i + "]");
			}
			else {
				// The Gemini API takes bytes only inside.
				(model.third() && media.has("inlineData") ? inside : beside).add(media);
			}
		}
		response.set("response", object((text != null) ? text.toString() : null, result.error()));
		if (!inside.isEmpty()) {
			response.putArray("parts").addAll(inside);
		}
		return part;
	}

	private static @Nullable String plainText(Part part) {
		if (part instanceof Part.Document document && document.source() instanceof MediaSource.PlainText plain) {
			return plain.text();
		}
		return (part instanceof Part.Text text) ? text.text() : null;
	}

	private static ObjectNode object(@Nullable String text, boolean error) {
		if (text == null) {
			return error ? GeminiJson.object().put(ERROR, "") : GeminiJson.object();
		}
		ObjectNode object = GeminiJson.parseObject(text);
		if (object == null) {
			return GeminiJson.object().put(error ? ERROR : OUTPUT, text);
		}
		if (tellsError(object) == error) {
			return object;
		}
		ObjectNode wrapped = GeminiJson.object();
		wrapped.set(error ? ERROR : OUTPUT, object);
		return wrapped;
	}

	/** The members, while they are read. */
	private static final class Fields {

		private @Nullable String id;

		private @Nullable String name;

		private @Nullable JsonNode response;

		private List<Part> media = List.of();

	}

}
