package dev.llmproxy.dialect.responses;

import java.util.List;
import java.util.Set;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code input}: a string, or items. Identifiers and states of items mean something
 * only to a provider that stores them and are ignored.
 */
final class InputDecoder {

	private static final Set<String> MESSAGE = Set.of("type", "id", "status", "role", "content");

	private static final Set<String> CALL = Set.of("type", "id", "status", "call_id", "name", "arguments");

	private static final Set<String> RESULT = Set.of("type", "id", "status", "call_id", "output");

	private final ChatRequest.Builder builder;

	private final ContentDecoder content;

	private final Turns turns = new Turns();

	InputDecoder(ChatRequest.Builder builder) {
		this.builder = builder;
		this.content = new ContentDecoder(builder);
	}

	List<Message> read(Fields request) {
		String instructions = request.string("instructions");
		if (instructions != null) {
			this.turns.message(Role.SYSTEM, List.of(Part.text(instructions)));
		}
		JsonNode input = request.get("input");
		if (input.isString()) {
			this.turns.message(Role.USER, List.of(Part.text(input.asString())));
		}
		else if (input.isArray()) {
			for (int i = 0; i < input.size(); i++) {
				item(Fields.of(input.path(i), "input[" + i + "]"));
			}
		}
		else if (!input.isMissingNode()) {
			throw request.mustBe("input", "a string or an array of items");
		}
		List<Message> messages = this.turns.messages();
		if (input.isMissingNode() || messages.isEmpty()) {
			throw new InvalidRequestException("'input' is required: a string or an array of items.", "input");
		}
		return messages;
	}

	private void item(Fields item) {
		String type = item.string("type");
		if (type == null) {
			type = item.has("role") ? "message" : item.has("id") ? "item_reference" : item.requiredString("type");
		}
		switch (type) {
			case "message" -> message(item);
			case "reasoning" -> {
				if (!this.turns.thought(item.object())) {
					leaveOut(item, type);
				}
			}
			case "function_call" -> {
				item.keepRest(CALL, this.builder);
				this.turns.called(item.requiredString("call_id"), item.requiredString("name"),
						item.requiredString("arguments"));
			}
			case "function_call_output" -> {
				item.keepRest(RESULT, this.builder);
				List<Part> output = this.content.read(item, "output");
				this.turns.result(new Part.ToolResult(item.requiredString("call_id"), null, output, false, null));
			}
			case "item_reference", "compaction", "compaction_trigger" ->
				throw Statefulness.refused(item.path(), "items of type '" + type + "'");
			default -> leaveOut(item, type);
		}
	}

	private void message(Fields item) {
		item.keepRest(MESSAGE, this.builder);
		String name = item.requiredString("role");
		Role role = switch (name) {
			case "user" -> Role.USER;
			case "assistant" -> Role.ASSISTANT;
			case "system" -> Role.SYSTEM;
			case "developer" -> Role.DEVELOPER;
			default -> throw item.mustBe("role", "user, assistant, system or developer");
		};
		List<Part> parts = this.content.read(item, "content");
		if (role == Role.ASSISTANT) {
			parts.forEach(this.turns::said);
		}
		else {
			this.turns.message(role, parts);
		}
	}

	/** Traces of hosted tools and the like, which nobody else can read. */
	private void leaveOut(Fields item, String type) {
		this.turns.settle();
		this.builder.rest(item.path() + " (" + type + ")", ResponsesJson.plain(item.object()));
	}

}
