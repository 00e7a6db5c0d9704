package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the conversation. Results of tools become messages of their own, right after the
 * call; what they hold besides text follows in a message of the user once all results are
 * told, because OpenAI takes text only there and nothing in between. One instance writes
 * one request.
 */
final class OpenAiMessageEncoder {

	private static final String SEE_BELOW = "The content follows in the next message of the user.";

	/**
	 * Between blocks that somebody wrote; what a model wrote is in pieces of one text.
	 */
	private static final String BETWEEN_TEXTS = "\n\n";

	private final ArrayNode messages;

	private final boolean own;

	private final Set<String> customTools;

	private final Set<String> dropped;

	private final ArrayNode resultMedia = OpenAiJson.MAPPER.createArrayNode();

	/**
	 * Creates an encoder.
	 * @param own whether the caller spoke this dialect
	 */
	OpenAiMessageEncoder(ArrayNode messages, boolean own, Set<String> customTools, Set<String> dropped) {
		this.messages = messages;
		this.own = own;
		this.customTools = customTools;
		this.dropped = dropped;
	}

	void encode(List<Message> conversation) {
		for (int i = 0; i < conversation.size(); i++) {
			encode(conversation.get(i), "messages[" + i + "]");
		}
		flushResultMedia();
	}

	private void encode(Message message, String path) {
		List<Part> parts = message.parts();
		int results = 0;
		for (int i = 0; i < parts.size(); i++) {
			if (parts.get(i) instanceof Part.ToolResult result) {
				result(result, path + ".parts[" + i + "]");
				results++;
			}
		}
		if (results > 0 && results == parts.size()) {
			return;
		}
		flushResultMedia();
		if (message.role() == Role.ASSISTANT) {
			assistant(message, path);
		}
		else {
			plain(message, path);
		}
	}

	private void result(Part.ToolResult result, String path) {
		ArrayNode content = OpenAiJson.MAPPER.createArrayNode();
		ArrayNode media = OpenAiJson.MAPPER.createArrayNode();
		for (int i = 0; i < result.content().size(); i++) {
			Part part = result.content().get(i);
			ObjectNode encoded = OpenAiPartEncoder.encode(part);
			if (encoded == null) {
				drop(path + ".content[" + i + "]", part);
			}
			else if (part instanceof Part.Text || encoded.has("text")) {
				content.add(encoded);
			}
			else {
				media.add(encoded);
			}
		}
		if (result.error()) {
			this.dropped.add(path + ".error");
		}
		if (content.isEmpty() && (result.error() || !media.isEmpty())) {
			content.addObject().put("type", "text").put("text", result.error() ? "The tool failed." : SEE_BELOW);
		}
		String id = OpenAiToolCalls.shortId(result.toolCallId());
		ObjectNode message = this.messages.addObject().put("role", "tool").put("tool_call_id", id);
		if (this.own && result.name() != null) {
			// Some vendors want it; OpenAI refuses it.
			message.put("name", result.name());
		}
		message.set("content", simplified(withoutEmptyTexts(content), BETWEEN_TEXTS));
		if (!media.isEmpty()) {
			this.resultMedia.addObject()
				.put("type", "text")
				.put("text", "Content of the result of tool call " + id + ":");
			this.resultMedia.addAll(media);
		}
	}

	private void flushResultMedia() {
		if (!this.resultMedia.isEmpty()) {
			this.messages.addObject().put("role", "user").set("content", this.resultMedia.deepCopy());
			this.resultMedia.removeAll();
		}
	}

	private void plain(Message message, String path) {
		boolean user = message.role() == Role.USER || message.role() == Role.TOOL;
		ArrayNode content = OpenAiJson.MAPPER.createArrayNode();
		boolean complete = true;
		for (int i = 0; i < message.parts().size(); i++) {
			Part part = message.parts().get(i);
			if (part instanceof Part.ToolResult) {
				complete = false;
				continue;
			}
			ObjectNode encoded = (user || isText(part)) ? OpenAiPartEncoder.encode(part) : null;
			if (encoded != null) {
				content.add(encoded);
			}
			else {
				drop(path + ".parts[" + i + "]", part);
				complete = false;
			}
		}
		if (complete || !content.isEmpty()) {
			String role = user ? "user" : message.role().name().toLowerCase(Locale.ROOT);
			ObjectNode encoded = this.messages.addObject().put("role", role);
			encoded.set("content", simplified(withoutEmptyTexts(content), BETWEEN_TEXTS));
			name(message, encoded);
		}
	}

	private static boolean isText(Part part) {
		return part instanceof Part.Text
				|| (part instanceof Part.Document document && document.source() instanceof MediaSource.PlainText);
	}

	private void assistant(Message message, String path) {
		ArrayNode content = OpenAiJson.MAPPER.createArrayNode();
		ArrayNode calls = OpenAiJson.MAPPER.createArrayNode();
		List<Part.Reasoning> thoughts = new ArrayList<>();
		StringBuilder refusal = new StringBuilder();
		boolean complete = true;
		for (int i = 0; i < message.parts().size(); i++) {
			Part part = message.parts().get(i);
			if (part instanceof Part.Text) {
				content.add(OpenAiPartEncoder.encode(part));
			}
			else if (part instanceof Part.Refusal refused) {
				refusal.append(refused.text());
			}
			else if (part instanceof Part.ToolCall call) {
				calls.add(call(call));
			}
			else if (part instanceof Part.Reasoning thought && isOwn(thought)) {
				thoughts.add(thought);
			}
			else if (!(part instanceof Part.ToolResult)) {
				drop(path + ".parts[" + i + "]", part);
				complete = false;
			}
		}
		ArrayNode texts = withoutEmptyTexts(content);
		boolean silent = texts.isEmpty() && calls.isEmpty() && refusal.isEmpty();
		if (silent && thoughts.isEmpty() && !complete) {
			return;
		}
		ObjectNode encoded = this.messages.addObject().put("role", "assistant");
		if (texts.isEmpty() && (!calls.isEmpty() || !refusal.isEmpty())) {
			encoded.putNull("content");
		}
		else {
			encoded.set("content", simplified(texts, ""));
		}
		OpenAiReasoning.giveBack(thoughts, encoded);
		if (!refusal.isEmpty()) {
			encoded.put("refusal", refusal.toString());
		}
		if (!calls.isEmpty()) {
			encoded.set("tool_calls", calls);
		}
		name(message, encoded);
	}

	private static boolean isOwn(Part.Reasoning thought) {
		return ReasoningSeal.isOwn((thought.redacted() != null) ? thought.redacted() : thought.signature());
	}

	private ObjectNode call(Part.ToolCall call) {
		ObjectNode encoded = OpenAiJson.MAPPER.createObjectNode().put("id", OpenAiToolCalls.shortId(call.id()));
		if (this.customTools.contains(call.name())) {
			encoded.put("type", "custom")
				.putObject("custom")
				.put("name", call.name())
				.put("input", OpenAiToolCalls.customInput(call.arguments()));
			return encoded;
		}
		encoded.put("type", "function")
			.putObject("function")
			.put("name", call.name())
			.put("arguments", call.arguments().isBlank() ? "{}" : call.arguments());
		if (ReasoningSeal.isOwn(call.signature())) {
			OpenAiToolCalls.sign(encoded, call.signature());
		}
		return encoded;
	}

	private static void name(Message message, ObjectNode encoded) {
		if (message.name() != null) {
			encoded.put("name", message.name());
		}
	}

	private void drop(String path, Part part) {
		this.dropped.add(path + " (" + part.kind() + ")");
	}

	private static ArrayNode withoutEmptyTexts(ArrayNode content) {
		ArrayNode kept = OpenAiJson.MAPPER.createArrayNode();
		for (JsonNode part : content) {
			JsonNode text = part.path("text");
			if (!text.isString() || !text.asString().isEmpty()) {
				kept.add(part);
			}
		}
		return kept;
	}

	/**
	 * Texts as one plain string: every vendor takes that, while DeepSeek and others
	 * refuse lists. Callers of this dialect get what they wrote.
	 */
	private JsonNode simplified(ArrayNode content, String separator) {
		if (content.isEmpty()) {
			return content.stringNode("");
		}
		if (content.size() > 1 && this.own) {
			return content;
		}
		StringBuilder joined = new StringBuilder();
		for (JsonNode part : content) {
			JsonNode text = part.path("text");
			if (!text.isString()) {
				return content;
			}
			joined.append(joined.isEmpty() ? "" : separator).append(text.asString());
		}
		return content.stringNode(joined.toString());
	}

}
