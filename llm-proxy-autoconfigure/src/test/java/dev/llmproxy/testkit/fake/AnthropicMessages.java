package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.testkit.fake.Conversation.Role;
import dev.llmproxy.testkit.fake.Conversation.ToolResult;
import dev.llmproxy.testkit.fake.ConversationDraft.TurnDraft;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads Anthropic's messages, and the order they and their blocks must have. */
final class AnthropicMessages {

	static final String PROVIDER = "anthropic";

	private final ConversationDraft draft;

	private final AnthropicBlocks blocks;

	private final boolean newest;

	private final Set<String> callIds = new HashSet<>();

	/** The calls of the last assistant turn that have no result yet. */
	private final Map<String, String> unanswered = new LinkedHashMap<>();

	private final Map<String, String> answered = new LinkedHashMap<>();

	/** The type of the first block of the last assistant turn that calls tools. */
	private @Nullable String startOfToolTurn;

	private int toolTurn;

	/** The index of the last message that calls tools. */
	private int callTurn;

	private AnthropicMessages(ConversationDraft draft, AnthropicBlocks blocks, boolean newest) {
		this.draft = draft;
		this.blocks = blocks;
		this.newest = newest;
	}

	/**
	 * Reads all messages.
	 * @param thinks whether thinking with a budget is on
	 * @param newest whether the request is of the newest API version
	 */
	static void read(Fields request, ConversationDraft draft, AnthropicBlocks blocks, boolean thinks, boolean newest) {
		AnthropicMessages reader = new AnthropicMessages(draft, blocks, newest);
		List<Fields> messages = request.objects("messages", 1);
		String before = "";
		for (int i = 0; i < messages.size(); i++) {
			before = reader.read(messages.get(i), i, before, i == messages.size() - 1);
		}
		reader.checkAnswered();
		reader.checkEnd(messages.get(messages.size() - 1), before);
		if (thinks && reader.startOfToolTurn != null && !before.equals("assistant")) {
			reader.checkThinkingFirst();
		}
	}

	private String read(Fields message, int index, String before, boolean last) {
		message.allow("role", "content");
		String role = message.oneOf("role", "user", "assistant", "system");
		if (role.equals("system")) {
			system(message, index, before);
			return "user";
		}
		if (index == 0 && !role.equals("user")) {
			throw AnthropicWording.error("messages: first message must use the \"user\" role");
		}
		boolean same = role.equals(before);
		if (!same && role.equals("assistant")) {
			checkAnswered();
			this.answered.clear();
			this.startOfToolTurn = null;
		}
		TurnDraft turn = this.draft.turn(role.equals("user") ? Role.USER : Role.ASSISTANT);
		if (role.equals("user")) {
			user(message, turn, index);
		}
		else {
			assistant(message, turn, index, last);
		}
		return role;
	}

	private void system(Fields message, int index, String before) {
		if (index == 0) {
			throw AnthropicWording
				.error("messages.0: use the top-level 'system' parameter for the initial system prompt");
		}
		if (!ClaudeModel.of(this.draft.model).allowsSystemMessages()) {
			throw AnthropicWording.error("role 'system' is not supported on this model");
		}
		if (!before.equals("user")) {
			throw AnthropicWording.error("messages." + index + ": role 'system' must follow a 'user' message");
		}
		TurnDraft texts = new ConversationDraft("").turn(Role.USER);
		this.blocks.content(message, "content", texts, "text").forEach((block) -> this.blocks.text(block, texts));
		this.draft.system.addAll(texts.texts);
	}

	private void user(Fields message, TurnDraft turn, int index) {
		boolean onlyResults = true;
		List<Fields> content = this.blocks.content(message, "content", turn, "text", "image", "document", "tool_result",
				"search_result");
		if (content.isEmpty() && String.join("", turn.texts).isBlank()) {
			throw AnthropicWording.error("messages." + index + ": user messages must have non-empty content");
		}
		for (Fields block : content) {
			if (block.text("type").equals("tool_result")) {
				result(block, turn, index);
				continue;
			}
			if (onlyResults) {
				// Whatever comes first must be the results.
				checkAnswered();
				onlyResults = false;
			}
			block(block, turn);
		}
	}

	private void block(Fields block, TurnDraft turn) {
		switch (block.text("type")) {
			case "text" -> {
				JsonNode citations = block.get("citations");
				if (this.newest && citations != null && !citations.isEmpty()) {
					throw new AnthropicWording().unknown(block.at("citations"));
				}
				this.blocks.text(block, turn);
			}
			case "image" -> this.blocks.image(block, turn);
			case "document" -> this.blocks.document(block, turn);
			default -> {
				block.allow("type", "source", "title", "content", "cache_control", "citations");
				block.text("source");
				block.text("title");
				this.blocks.note(block);
				block.objects("content", 1)
					.forEach((text) -> turn.texts.add(text.allow("type", "text", "cache_control").text("text")));
			}
		}
	}

	private void result(Fields block, TurnDraft turn, int index) {
		block.allow("type", "tool_use_id", "content", "is_error", "cache_control");
		String id = block.text("tool_use_id");
		if (this.answered.containsKey(id)) {
			throw AnthropicWording.error("messages." + index + ".content: each tool_use must have a single result. "
					+ "Found multiple `tool_result` blocks with id: " + id);
		}
		String name = this.unanswered.remove(id);
		if (name == null) {
			throw AnthropicWording.error(block.path().parent().dots() + ": unexpected `tool_use_id` found in "
					+ "`tool_result` blocks: " + id + ". Each `tool_result` block must have a corresponding `tool_use` "
					+ "block in the previous message.");
		}
		this.answered.put(id, name);
		boolean error = block.flag("is_error");
		TurnDraft inner = new ConversationDraft("").turn(Role.USER);
		if (block.has("content")) {
			for (Fields part : this.blocks.content(block, "content", inner, "text", "image", "document",
					"search_result")) {
				block(part, inner);
			}
		}
		this.blocks.note(block);
		turn.results.add(new ToolResult(name, String.join("\n", inner.texts), error));
		turn.attachments.addAll(inner.attachments);
	}

	private void assistant(Fields message, TurnDraft turn, int index, boolean last) {
		List<Fields> content = this.blocks.content(message, "content", turn, "text", "tool_use", "thinking",
				"redacted_thinking");
		if (content.isEmpty() && turn.texts.stream().allMatch(String::isEmpty) && !last) {
			throw AnthropicWording.error("messages." + index
					+ ": all messages must have non-empty content except for the optional final assistant message");
		}
		for (Fields block : content) {
			switch (block.text("type")) {
				case "text" -> this.blocks.text(block, turn);
				case "tool_use" -> {
					call(block, turn);
					if (this.startOfToolTurn == null) {
						this.startOfToolTurn = content.get(0).text("type");
						this.toolTurn = index;
					}
				}
				case "thinking" -> {
					block.allow("type", "thinking", "signature");
					if (!Signatures.isValid(PROVIDER, block.text("thinking"), block.text("signature"))) {
						throw AnthropicWording
							.error(block.path().parent().dots() + ": Invalid `signature` in `thinking` block");
					}
				}
				default -> {
					block.allow("type", "data");
					String data = block.text("data");
					int dot = data.indexOf('.');
					if (dot < 0 || !Signatures.isValid(PROVIDER, data.substring(0, dot), data.substring(dot + 1))) {
						throw AnthropicWording
							.error(block.path().parent().dots() + ": Invalid `data` in `redacted_thinking` block");
					}
				}
			}
		}
	}

	private void call(Fields block, TurnDraft turn) {
		block.allow("type", "id", "name", "input", "cache_control", "caller");
		String id = block.text("id");
		if (!id.matches("[a-zA-Z0-9_-]+")) {
			throw block.invalid("id", "String should match pattern '^[a-zA-Z0-9_-]+$'");
		}
		if (!this.callIds.add(id)) {
			throw AnthropicWording.error("messages: `tool_use` ids must be unique");
		}
		if (!block.text("name").matches("[a-zA-Z0-9_-]{1,200}")) {
			throw block.invalid("name", "String should match pattern '^[a-zA-Z0-9_-]{1,200}$'");
		}
		block.object("input");
		this.blocks.note(block);
		this.unanswered.put(id, block.text("name"));
		this.callTurn = (Integer) block.path().steps().get(1);
		turn.calls++;
	}

	private void checkAnswered() {
		if (!this.unanswered.isEmpty()) {
			List<String> ids = new ArrayList<>(this.unanswered.keySet());
			throw AnthropicWording
				.error("messages." + this.callTurn + ": `tool_use` ids were found without `tool_result` "
						+ "blocks immediately after: " + String.join(", ", ids) + ". Each `tool_use` block must have a "
						+ "corresponding `tool_result` block in the next message.");
		}
	}

	private void checkEnd(Fields last, String role) {
		if (!role.equals("assistant")) {
			return;
		}
		if (!ClaudeModel.of(this.draft.model).allowsPrefill()) {
			throw AnthropicWording.error("This model does not support assistant message prefill. The conversation "
					+ "must end with a user message.");
		}
		List<String> texts = this.draft.turns.get(this.draft.turns.size() - 1).texts;
		String text = texts.isEmpty() ? "" : texts.get(texts.size() - 1);
		if (!text.equals(text.stripTrailing())) {
			throw AnthropicWording.error("messages: final assistant content cannot end with trailing whitespace");
		}
	}

	private void checkThinkingFirst() {
		String type = String.valueOf(this.startOfToolTurn);
		if (!type.endsWith("thinking")) {
			throw AnthropicWording.error("messages." + this.toolTurn + ".content.0.type: Expected `thinking` or "
					+ "`redacted_thinking`, but found `" + type + "`. When `thinking` is enabled, a final `assistant` "
					+ "message must start with a thinking block (preceeding the lastmost set of `tool_use` and "
					+ "`tool_result` blocks). To avoid this requirement, disable `thinking`.");
		}
	}

}
