package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.dialect.DecodingException;
import tools.jackson.databind.JsonNode;

/**
 * Reads whole answers, of chat completions and of the older completions, as OpenAI and
 * the vendors that imitate it write them.
 */
final class OpenAiResponseDecoder {

	private OpenAiResponseDecoder() {
	}

	static ChatResponse decode(byte[] body) {
		JsonNode root = OpenAiJson.read(body, "an answer");
		JsonNode choices = root.path("choices");
		if (!choices.isArray() || choices.isEmpty()) {
			throw new DecodingException("an answer without choices");
		}
		String id = root.path("id").asString("");
		List<ChatResponse.Choice> decoded = new ArrayList<>(choices.size());
		for (JsonNode choice : choices) {
			decoded.add(choice(id, choice, decoded.size()));
		}
		return new ChatResponse(id, root.path("model").asString(""), root.path("created").asLong(0), decoded,
				OpenAiUsage.of(root.path("usage")), OpenAiJson.nonEmpty(root.path("service_tier")));
	}

	private static ChatResponse.Choice choice(String id, JsonNode choice, int position) {
		int index = choice.path("index").asInt(position);
		JsonNode message = choice.path("message");
		List<Part> parts = new ArrayList<>(OpenAiReasoning.read(message));
		String text = OpenAiJson.nonEmpty(choice.path("text"));
		if (text != null) {
			parts.add(Part.text(text));
		}
		content(message.path("content"), parts);
		audio(message.path("audio"), parts);
		images(message.path("images"), parts);
		String refusal = OpenAiJson.nonEmpty(message.path("refusal"));
		if (refusal != null) {
			parts.add(new Part.Refusal(refusal));
		}
		boolean calls = calls(id, index, message, parts);
		return new ChatResponse.Choice(index, parts,
				OpenAiFinish.read(choice.path("finish_reason"), calls, refusal != null), null);
	}

	private static void content(JsonNode content, List<Part> parts) {
		String text = OpenAiJson.nonEmpty(content);
		if (text != null) {
			parts.add(Part.text(text));
		}
		for (JsonNode part : content) {
			// Mistral's reasoning models answer in parts.
			String thought = thought(part);
			String piece = part.path("text").asString("");
			if (!thought.isEmpty()) {
				parts.add(new Part.Reasoning(thought, ReasoningSeal.UNSIGNED));
			}
			else if (!piece.isEmpty()) {
				parts.add(Part.text(piece));
			}
		}
	}

	/** The text of a part that is a thought; empty if it is another part. */
	static String thought(JsonNode part) {
		if (!part.path("type").asString("").equals("thinking")) {
			return "";
		}
		JsonNode thinking = part.path("thinking");
		StringBuilder text = new StringBuilder(thinking.isString() ? thinking.asString() : "");
		for (JsonNode piece : thinking) {
			text.append(piece.path("text").asString(""));
		}
		return text.toString();
	}

	/** Spoken answers have no other text than their transcript. */
	private static void audio(JsonNode audio, List<Part> parts) {
		String transcript = OpenAiJson.nonEmpty(audio.path("transcript"));
		if (transcript != null && Part.textOf(parts).isEmpty()) {
			parts.add(Part.text(transcript));
		}
	}

	/** Where OpenRouter and others put generated pictures. */
	private static void images(JsonNode images, List<Part> parts) {
		for (JsonNode image : images) {
			String url = OpenAiJson.nonEmpty(image.path("image_url").path("url"));
			if (url != null) {
				MediaSource.Inline inline = DataUrls.isOne(url) ? DataUrls.parse(url) : null;
				parts.add(new Part.Image((inline != null) ? inline : new MediaSource.Url(url), null, null));
			}
		}
	}

	private static boolean calls(String id, int choice, JsonNode message, List<Part> parts) {
		int count = 0;
		for (JsonNode call : message.path("tool_calls")) {
			parts.add(call(id, choice, count++, call));
		}
		JsonNode function = message.path("function_call");
		if (function.isObject()) {
			String name = name(function);
			parts.add(new Part.ToolCall(OpenAiToolCalls.inventedId(id, choice, count++, name), name,
					OpenAiToolCalls.arguments(function.path("arguments"))));
		}
		return count > 0;
	}

	private static Part.ToolCall call(String answerId, int choice, int index, JsonNode call) {
		JsonNode custom = call.path("custom");
		JsonNode function = custom.isObject() ? custom : call.path("function");
		String name = name(function);
		String id = OpenAiJson.nonEmpty(call.path("id"));
		String arguments = custom.isObject() ? OpenAiToolCalls.customArguments(custom.path("input").asString(""))
				: OpenAiToolCalls.arguments(function.path("arguments"));
		return new Part.ToolCall((id != null) ? id : OpenAiToolCalls.inventedId(answerId, choice, index, name), name,
				arguments, OpenAiToolCalls.signature(call), null);
	}

	private static String name(JsonNode function) {
		String name = OpenAiJson.nonEmpty(function.path("name"));
		if (name == null) {
			throw new DecodingException("a tool call without a name");
		}
		return name;
	}

}
