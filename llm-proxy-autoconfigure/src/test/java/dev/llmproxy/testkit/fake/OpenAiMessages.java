package dev.llmproxy.testkit.fake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.fake.Conversation.Role;
import dev.llmproxy.testkit.fake.Conversation.ToolResult;
import dev.llmproxy.testkit.fake.ConversationDraft.TurnDraft;
import tools.jackson.databind.JsonNode;

/** Reads the messages of a chat completion, and the order they must have. */
final class OpenAiMessages {

	private final ConversationDraft draft;

	/** The calls of the last assistant message that have no result yet. */
	private final Map<String, String> unanswered = new LinkedHashMap<>();

	private final Map<String, String> calls = new LinkedHashMap<>();

	private OpenAiMessages(ConversationDraft draft) {
		this.draft = draft;
	}

	static void read(Fields request, ConversationDraft draft) {
		OpenAiMessages messages = new OpenAiMessages(draft);
		for (Fields message : request.objects("messages", 1)) {
			messages.read(message);
		}
		messages.checkAnswered(request.at("messages"));
	}

	private void read(Fields message) {
		String role = message.oneOf("role", "system", "assistant", "user", "tool", "developer");
		if (!role.equals("tool")) {
			checkAnswered(message.at("role"));
		}
		switch (role) {
			case "user" -> {
				message.allow("role", "content", "name");
				message.optText("name");
				content(message, this.draft.turn(Role.USER), "text", "image_url", "input_audio", "file");
			}
			case "assistant" -> assistant(message);
			case "tool" -> tool(message);
			default -> {
				message.allow("role", "content", "name");
				message.optText("name");
				TurnDraft texts = new ConversationDraft("").turn(Role.USER);
				content(message, texts, "text");
				this.draft.system.addAll(texts.texts);
			}
		}
	}

	private void assistant(Fields message) {
		message.allow("role", "content", "name", "refusal", "audio", "tool_calls", "annotations", "reasoning_content");
		message.optText("reasoning_content");
		TurnDraft turn = this.draft.turn(Role.ASSISTANT);
		List<Fields> toolCalls = message.has("tool_calls") ? message.objects("tool_calls", 1) : List.of();
		if (message.has("content")) {
			content(message, turn, "text", "refusal");
		}
		else if (toolCalls.isEmpty() && message.optText("refusal") == null) {
			throw message.invalid("content", "Invalid value for 'content': expected a string, got null.");
		}
		for (Fields call : toolCalls) {
			call.allow("id", "type", "function");
			call.oneOf("type", "function");
			Fields function = call.object("function").allow("name", "arguments");
			function.text("arguments");
			this.unanswered.put(call.text("id"), function.text("name"));
			this.calls.put(call.text("id"), function.text("name"));
			turn.calls++;
		}
	}

	private void tool(Fields message) {
		message.allow("role", "content", "tool_call_id");
		String id = message.text("tool_call_id");
		if (this.calls.isEmpty() || lastTurnIsUsers()) {
			throw OpenAiWording.error(null, message.at("role"), "Invalid parameter: messages with role 'tool' must be "
					+ "a response to a preceeding message with 'tool_calls'.");
		}
		if (!this.unanswered.containsKey(id)) {
			throw OpenAiWording.error(null, message.at("tool_call_id"),
					"Invalid parameter: 'tool_call_id' of '" + id + "' not found in 'tool_calls' of previous message.");
		}
		TurnDraft turn = this.draft.turn(Role.USER);
		content(message, turn, "text");
		turn.results.add(new ToolResult(this.unanswered.remove(id), String.join("\n", turn.texts), false));
		turn.texts.clear();
	}

	private boolean lastTurnIsUsers() {
		TurnDraft last = this.draft.turns.get(this.draft.turns.size() - 1);
		return last.role == Role.USER && last.results.isEmpty();
	}

	private void checkAnswered(Path at) {
		if (!this.unanswered.isEmpty()) {
			throw OpenAiWording.error(null, at,
					"An assistant message with 'tool_calls' must be followed by tool messages responding to each "
							+ "'tool_call_id'. The following tool_call_ids did not have response messages: "
							+ String.join(", ", this.unanswered.keySet()));
		}
	}

	private void content(Fields message, TurnDraft turn, String... allowed) {
		JsonNode content = message.require("content");
		if (content.isString()) {
			turn.texts.add(content.asString());
			return;
		}
		if (!content.isArray()) {
			throw message.wrongType("content", Wording.Kind.STRING);
		}
		for (Fields part : message.objects("content", 1)) {
			part(part, part.oneOf("type", allowed), turn);
		}
	}

	private static void part(Fields part, String type, TurnDraft turn) {
		part.allow("type", type);
		switch (type) {
			case "image_url" -> {
				Fields image = part.object("image_url").allow("url", "detail");
				image.optOneOf("detail", "auto", "low", "high", "original");
				turn.attachments.add(OpenAiTools.image(image, "url", image.text("url")));
			}
			case "file" ->
				turn.attachments.add(OpenAiTools.file(part.object("file").allow("file_id", "file_data", "filename")));
			case "input_audio" -> {
				Fields audio = part.object("input_audio").allow("data", "format");
				String format = audio.oneOf("format", "wav", "mp3");
				byte[] bytes = Attachments.decode(audio.text("data"));
				if (bytes == null) {
					throw audio.invalid("data", "Invalid base64 audio data.");
				}
				turn.attachments.add(Attachments.describe("audio", format, bytes));
			}
			case "refusal" -> turn.texts.add(part.text("refusal"));
			default -> turn.texts.add(part.text("text"));
		}
	}

}
