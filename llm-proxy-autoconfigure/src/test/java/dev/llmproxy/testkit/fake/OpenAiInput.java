package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.testkit.fake.Conversation.Role;
import dev.llmproxy.testkit.fake.Conversation.ToolResult;
import dev.llmproxy.testkit.fake.ConversationDraft.TurnDraft;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the input items of a response, and what belongs together among them. */
final class OpenAiInput {

	private static final String PROVIDER = "openai";

	private final FakeState state;

	private final ConversationDraft draft;

	private final boolean stored;

	private final Map<String, String> calls = new LinkedHashMap<>();

	private final Map<String, String> unanswered = new LinkedHashMap<>();

	private @Nullable String openReasoning;

	private OpenAiInput(FakeState state, ConversationDraft draft, boolean stored) {
		this.state = state;
		this.draft = draft;
		this.stored = stored;
	}

	/**
	 * Reads items.
	 * @param earlier the items of the previous response, which are valid
	 * @param stored whether items can be looked up by their identifiers
	 */
	static void read(List<Fields> earlier, List<Fields> items, FakeState state, ConversationDraft draft,
			boolean stored) {
		OpenAiInput input = new OpenAiInput(state, draft, stored);
		List<Fields> all = new ArrayList<>(earlier);
		all.addAll(items);
		for (Fields item : all) {
			input.read(item);
		}
		input.checkReasoningIsFollowed("the end");
		if (!input.unanswered.isEmpty()) {
			throw OpenAiWording.error(null, Path.ROOT.field("input"),
					"No tool output found for function call " + input.unanswered.keySet().iterator().next() + ".");
		}
	}

	private void read(Fields item) {
		String type = item.has("type")
				? item.oneOf("type", "message", "function_call", "function_call_output", "reasoning", "item_reference")
				: item.has("role") ? "message" : "item_reference";
		if (type.equals("item_reference")) {
			item.allow("type", "id");
			JsonNode referenced = this.state.stored().get(item.text("id"));
			if (referenced == null) {
				throw notFound(item);
			}
			read(Fields.of(referenced, item.path(), new OpenAiWording()));
			return;
		}
		if (type.equals("message")) {
			message(item);
			return;
		}
		switch (type) {
			case "reasoning" -> reasoning(item);
			case "function_call" -> call(item);
			default -> output(item);
		}
	}

	private void message(Fields item) {
		item.allow("type", "role", "content", "status", "id", "phase");
		String role = item.oneOf("role", "user", "assistant", "system", "developer");
		checkId(item, "msg");
		item.optOneOf("status", "in_progress", "completed", "incomplete");
		boolean assistant = role.equals("assistant");
		if (!assistant) {
			checkReasoningIsFollowed(role + " message");
		}
		this.openReasoning = null;
		boolean instructions = role.equals("system") || role.equals("developer");
		TurnDraft turn = instructions ? new ConversationDraft("").turn(Role.USER)
				: this.draft.turn(assistant ? Role.ASSISTANT : Role.USER);
		content(item, "content", turn, assistant);
		if (instructions) {
			this.draft.system.addAll(turn.texts);
		}
	}

	private static void content(Fields item, String field, TurnDraft turn, boolean assistant) {
		JsonNode content = item.require(field);
		if (content.isString()) {
			turn.texts.add(content.asString());
			return;
		}
		if (!content.isArray()) {
			throw item.wrongType(field, Wording.Kind.STRING);
		}
		for (Fields part : item.objects(field, 0)) {
			String[] allowed = assistant ? new String[] { "output_text", "refusal" }
					: new String[] { "input_text", "input_image", "input_file" };
			switch (part.oneOf("type", allowed)) {
				case "input_text" -> turn.texts.add(part.allow("type", "text").text("text"));
				case "output_text" ->
					turn.texts.add(part.allow("type", "text", "annotations", "logprobs").text("text"));
				case "refusal" -> turn.texts.add(part.allow("type", "refusal").text("refusal"));
				case "input_image" -> image(part.allow("type", "image_url", "file_id", "detail"), turn);
				default ->
					turn.attachments.add(part.has("file_url") ? "document at " + part.text("file_url") : OpenAiTools
						.file(part.allow("type", "file_id", "file_data", "file_url", "filename", "detail")));
			}
		}
	}

	private static void image(Fields part, TurnDraft turn) {
		part.optOneOf("detail", "low", "high", "auto", "original");
		String id = part.optText("file_id");
		turn.attachments
			.add((id != null) ? "image " + id : OpenAiTools.image(part, "image_url", part.text("image_url")));
	}

	private void call(Fields item) {
		item.allow("type", "id", "call_id", "name", "arguments", "status", "namespace");
		checkId(item, "fc");
		item.text("arguments");
		String callId = item.text("call_id");
		this.calls.put(callId, item.text("name"));
		this.unanswered.put(callId, item.text("name"));
		this.openReasoning = null;
		TurnDraft last = this.draft.turns.isEmpty() ? null : this.draft.turns.get(this.draft.turns.size() - 1);
		TurnDraft turn = (last != null && last.role == Role.ASSISTANT) ? last : this.draft.turn(Role.ASSISTANT);
		turn.calls++;
	}

	private void output(Fields item) {
		item.allow("type", "id", "call_id", "output", "status");
		checkId(item, "fc");
		checkReasoningIsFollowed("function_call_output");
		String callId = item.text("call_id");
		String name = this.calls.get(callId);
		if (name == null) {
			throw OpenAiWording.error(null, Path.ROOT.field("input"),
					"No tool call found for function call output with call_id " + callId + ".");
		}
		this.unanswered.remove(callId);
		TurnDraft turn = this.draft.turn(Role.USER);
		content(item, "output", turn, false);
		turn.results.add(new ToolResult(name, String.join("\n", turn.texts), false));
		turn.texts.clear();
	}

	private void reasoning(Fields item) {
		item.allow("type", "id", "summary", "encrypted_content", "content", "status");
		checkReasoningIsFollowed("reasoning");
		checkId(item, "rs");
		for (Fields summary : item.objects("summary", 0)) {
			summary.allow("type", "text").oneOf("type", "summary_text");
			summary.text("text");
		}
		String encrypted = item.optText("encrypted_content");
		String id = item.optText("id");
		if (encrypted == null) {
			if (id == null || !this.stored || !this.state.stored().containsKey(id)) {
				throw notFound(item);
			}
		}
		else if (!isDecryptable(encrypted)) {
			throw OpenAiWording.error("invalid_encrypted_content", null, "The encrypted content for item " + id
					+ " could not be verified. Reason: Encrypted content could not be decrypted or parsed.");
		}
		this.openReasoning = id;
	}

	/** What the model thought, for the caller to keep and to bring back. */
	static String encrypt(String reasoning) {
		return "gAAAAAB" + HexFormat.of().formatHex(reasoning.getBytes(StandardCharsets.UTF_8)) + "."
				+ Signatures.of(PROVIDER, reasoning);
	}

	private static boolean isDecryptable(String encrypted) {
		int dot = encrypted.indexOf('.');
		if (!encrypted.startsWith("gAAAAAB") || dot < 0) {
			return false;
		}
		try {
			String reasoning = new String(HexFormat.of().parseHex(encrypted.substring(7, dot)), StandardCharsets.UTF_8);
			return Signatures.isValid(PROVIDER, reasoning, encrypted.substring(dot + 1));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private void checkReasoningIsFollowed(String by) {
		if (this.openReasoning != null) {
			throw OpenAiWording.error(null, Path.ROOT.field("input"), "Item '" + this.openReasoning
					+ "' of type 'reasoning' was provided without its required following item (found " + by + ").");
		}
	}

	private RejectedRequest notFound(Fields item) {
		return new RejectedRequest(404, OpenAiWording.TYPE, null, Path.ROOT.field("input").brackets(),
				"Item with id '" + item.text("id") + "' not found."
						+ (this.stored ? ""
								: " Items are not persisted when `store` is set to false. Try again with `store` "
										+ "set to true, or remove this item from your input."));
	}

	private static void checkId(Fields item, String prefix) {
		String id = item.optText("id");
		if (id != null && Set.of("msg", "fc", "rs").contains(prefix) && !id.startsWith(prefix)) {
			throw item.invalid("id",
					"Invalid '" + item.at("id") + "': '" + id + "'. Expected an ID that begins with '" + prefix + "'.");
		}
	}

}
