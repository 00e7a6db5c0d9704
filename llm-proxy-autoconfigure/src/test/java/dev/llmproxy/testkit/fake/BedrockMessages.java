package dev.llmproxy.testkit.fake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.fake.Conversation.Role;
import dev.llmproxy.testkit.fake.Conversation.ToolResult;
import dev.llmproxy.testkit.fake.ConversationDraft.TurnDraft;
import tools.jackson.databind.JsonNode;

/** Reads the messages of Converse, and the order they must have. */
final class BedrockMessages {

	static final String PROVIDER = "bedrock";

	private static final String IDENTIFIER = "[a-zA-Z0-9_-]{1,64}";

	private final ConversationDraft draft;

	private final BedrockContent content;

	/** The calls of the message before that have no result yet. */
	private final Map<String, String> unanswered = new LinkedHashMap<>();

	private boolean usesTools;

	private BedrockMessages(ConversationDraft draft, BedrockContent content) {
		this.draft = draft;
		this.content = content;
	}

	/** Reads all messages; returns whether tools are called anywhere among them. */
	static boolean read(Fields request, ConversationDraft draft, BedrockContent content) {
		BedrockMessages reader = new BedrockMessages(draft, content);
		List<Fields> messages = request.objects("messages", 1);
		String before = "assistant";
		for (int i = 0; i < messages.size(); i++) {
			Fields message = messages.get(i).allow("role", "content");
			String role = message.oneOf("role", "user", "assistant");
			if (role.equals(before)) {
				throw BedrockWording.error((i == 0)
						? "A conversation must start with a user message. Try again with a conversation that starts "
								+ "with a user message."
						: "A conversation must alternate between user and assistant roles. Make sure the "
								+ "conversation alternates between user and assistant roles and try again.");
			}
			reader.message(message, role.equals("user"), i);
			before = role;
		}
		reader.checkAnswered(messages.size());
		if (before.equals("assistant") && !ClaudeModel.of(draft.model).allowsPrefill()) {
			throw BedrockWording.model("This model does not support assistant message prefill. The conversation must "
					+ "end with a user message.");
		}
		return reader.usesTools;
	}

	private void message(Fields message, boolean user, int index) {
		List<Fields> blocks = message.objects("content", 0);
		if (blocks.isEmpty()) {
			throw BedrockWording.error("The content field in the Message object at messages." + index
					+ " is empty. Add a ContentBlock object to the content field and try again.");
		}
		TurnDraft turn = this.draft.turn(user ? Role.USER : Role.ASSISTANT);
		int pending = this.unanswered.size();
		for (Fields block : blocks) {
			String member = BedrockContent.member(block, "ContentBlock", "text", "image", "document", "video", "audio",
					"toolUse", "toolResult", "guardContent", "cachePoint", "reasoningContent", "citationsContent",
					"searchResult");
			block(block, member, turn, user);
		}
		if (user) {
			if (turn.results.size() > pending) {
				throw BedrockWording.error("The number of toolResult blocks at messages." + index
						+ ".content exceeds the number of toolUse blocks of previous turn.");
			}
			checkAnswered(index);
		}
		boolean documents = turn.attachments.stream().anyMatch((seen) -> seen.startsWith("document"));
		if (user && documents && turn.texts.isEmpty() && turn.results.isEmpty()) {
			throw BedrockWording.error("The content at messages." + index
					+ " has a document and no text block. Add a text block and try again.");
		}
	}

	private void block(Fields block, String member, TurnDraft turn, boolean user) {
		boolean misplaced = user ? List.of("toolUse", "reasoningContent", "citationsContent").contains(member)
				: List.of("toolResult", "image", "document", "video", "audio", "guardContent", "searchResult")
					.contains(member);
		if (misplaced) {
			throw BedrockWording.error("The " + (user ? "user" : "assistant") + " message at "
					+ block.path().parent().parent().dots() + " can not have a " + member + " block.");
		}
		switch (member) {
			case "text" -> {
				if (block.text("text").isBlank()) {
					throw BedrockWording.error("The text field in the ContentBlock object at " + block.path().dots()
							+ " is blank. Add text to the text field, and try again.");
				}
				this.content.read(block, member, turn);
			}
			case "cachePoint" -> this.content.cachePoint(block);
			case "toolUse" -> call(block.object("toolUse"), turn);
			case "toolResult" -> result(block.object("toolResult"), turn);
			case "reasoningContent" -> reasoning(block.object("reasoningContent"), block.path());
			case "citationsContent" -> block.object("citationsContent")
				.optObjects("content")
				.forEach((text) -> turn.texts.add(text.text("text")));
			default -> this.content.read(block, member, turn);
		}
	}

	private void call(Fields call, TurnDraft turn) {
		call.allow("toolUseId", "name", "input", "type");
		this.content.note(call);
		String id = identifier(call, "toolUseId");
		JsonNode input = call.require("input");
		if (!input.isObject()) {
			throw notAnObject(call.at("input"));
		}
		this.unanswered.put(id, identifier(call, "name"));
		this.usesTools = true;
		turn.calls++;
	}

	private static RejectedRequest notAnObject(Path at) {
		return BedrockWording.error("The format of the value at " + at.dots()
				+ " is invalid. Provide a json object for the field and try again.");
	}

	private static String identifier(Fields holder, String field) {
		String value = holder.text(field);
		if (!value.matches(IDENTIFIER)) {
			throw BedrockWording.pattern(holder.at(field), value, "[a-zA-Z0-9_-]+");
		}
		return value;
	}

	private void result(Fields result, TurnDraft turn) {
		result.allow("toolUseId", "content", "status", "type");
		this.usesTools = true;
		boolean error = "error".equals(result.optOneOf("status", "success", "error"));
		String name = this.unanswered.remove(identifier(result, "toolUseId"));
		if (name == null) {
			throw BedrockWording.error("The toolResult block at " + result.path().parent().dots()
					+ " has an Id that no toolUse block of the previous turn has.");
		}
		List<Fields> blocks = result.objects("content", 0);
		if (error && blocks.isEmpty()) {
			throw BedrockWording
				.error("The content field at " + result.path().dots() + " cannot be empty when status value is error.");
		}
		TurnDraft inner = new ConversationDraft("").turn(Role.USER);
		for (Fields block : blocks) {
			String member = BedrockContent.member(block, "ToolResultContentBlock", "text", "json", "image", "document",
					"video", "searchResult");
			if (member.equals("json")) {
				if (!block.require("json").isObject()) {
					throw notAnObject(block.at("json"));
				}
				inner.texts.add(Json.write(block.require("json")));
			}
			else {
				this.content.read(block, member, inner);
			}
		}
		turn.results.add(new ToolResult(name, String.join("\n", inner.texts), error));
		turn.attachments.addAll(inner.attachments);
	}

	private static void reasoning(Fields reasoning, Path at) {
		if (BedrockContent.member(reasoning, "ReasoningContentBlock", "reasoningText", "redactedContent")
			.equals("redactedContent")) {
			return;
		}
		Fields text = reasoning.object("reasoningText").allow("text", "signature");
		String signature = text.optText("signature");
		if (signature == null || !Signatures.isValid(PROVIDER, text.text("text"), signature)) {
			throw BedrockWording.model(at.dots() + ": Invalid `signature` in `thinking` block");
		}
	}

	private void checkAnswered(int index) {
		if (!this.unanswered.isEmpty()) {
			throw BedrockWording.error("Expected toolResult blocks at messages." + index
					+ ".content for the following Ids: " + String.join(", ", this.unanswered.keySet()));
		}
	}

}
