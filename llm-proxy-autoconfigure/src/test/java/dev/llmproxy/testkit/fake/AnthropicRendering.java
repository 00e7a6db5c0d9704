package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.testkit.fake.Answer.Finish;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes an answer as Anthropic's message, whole or as its events. */
final class AnthropicRendering {

	private final String id;

	private final Conversation conversation;

	private final Answer answer;

	private final List<ObjectNode> content = new ArrayList<>();

	private final List<String> frames = new ArrayList<>();

	AnthropicRendering(FakeState state, Conversation conversation, Answer answer, boolean omitThoughts,
			boolean redactThoughts) {
		this.id = state.id("msg_");
		this.conversation = conversation;
		this.answer = answer;
		String reasoning = answer.reasoning();
		if (reasoning != null && redactThoughts) {
			String sealed = Signatures.of("seal", reasoning);
			this.content.add(Json.object("type", "redacted_thinking", "data",
					sealed + "." + Signatures.of(AnthropicMessages.PROVIDER, sealed)));
		}
		else if (reasoning != null) {
			String thinking = omitThoughts ? "" : reasoning;
			this.content.add(Json.object("type", "thinking", "thinking", thinking, "signature",
					Signatures.of(AnthropicMessages.PROVIDER, thinking)));
		}
		if (!answer.text().isEmpty()) {
			this.content.add(Json.object("type", "text", "text", answer.text()));
		}
		for (Answer.ToolCall call : answer.toolCalls()) {
			this.content.add(Json.object("type", "tool_use", "id", state.id("toolu_"), "name", call.name(), "input",
					call.arguments()));
		}
	}

	ObjectNode whole() {
		ObjectNode message = message(Json.array(this.content), stopReason(), usage(this.answer.outputTokens()));
		message.put("stop_sequence", this.answer.stopSequence());
		if (this.answer.finish() == Finish.REFUSAL) {
			message.set("stop_details", refusal());
		}
		return message;
	}

	private ObjectNode message(ArrayNode blocks, @Nullable String stopReason, ObjectNode usage) {
		return Json.object("id", this.id, "type", "message", "role", "assistant", "model", this.conversation.model(),
				"content", blocks, "stop_reason", stopReason, "stop_sequence", null, "usage", usage);
	}

	private static ObjectNode refusal() {
		return Json.object("type", "refusal", "category", "general_harms", "explanation", "It was asked to.");
	}

	private String stopReason() {
		return switch (this.answer.finish()) {
			case STOP -> "end_turn";
			case STOP_SEQUENCE -> "stop_sequence";
			case LENGTH -> "max_tokens";
			case TOOL_CALLS -> "tool_use";
			case REFUSAL -> "refusal";
		};
	}

	private ObjectNode usage(int output) {
		int cached = this.conversation.cachedTokens();
		int written = this.conversation.cacheWrittenTokens();
		return Json.object("input_tokens", this.conversation.inputTokens() - cached - written,
				"cache_creation_input_tokens", written, "cache_read_input_tokens", cached, "cache_creation",
				Json.object("ephemeral_5m_input_tokens", written, "ephemeral_1h_input_tokens", 0), "output_tokens",
				output, "service_tier", "standard");
	}

	/** The frames of a stream. */
	List<String> events() {
		event("message_start", "message", message(Json.array(), null, usage(1)));
		for (int index = 0; index < this.content.size(); index++) {
			block(index, this.content.get(index));
		}
		ObjectNode delta = Json.object("stop_reason", stopReason(), "stop_sequence", this.answer.stopSequence());
		if (this.answer.finish() == Finish.REFUSAL) {
			delta.set("stop_details", refusal());
		}
		ObjectNode usage = usage(this.answer.outputTokens());
		usage.remove(List.of("cache_creation", "service_tier"));
		event("message_delta", "delta", delta, "usage", usage);
		event("message_stop");
		return this.frames;
	}

	private void block(int index, ObjectNode block) {
		ObjectNode start = block.deepCopy();
		List<ObjectNode> deltas = new ArrayList<>();
		switch (block.get("type").asString()) {
			case "thinking" -> {
				start.put("thinking", "").put("signature", "");
				for (String word : Pieces.words(block.get("thinking").asString())) {
					deltas.add(Json.object("type", "thinking_delta", "thinking", word));
				}
				deltas.add(Json.object("type", "signature_delta", "signature", block.get("signature")));
			}
			case "text" -> {
				start.put("text", "");
				for (String word : Pieces.words(block.get("text").asString())) {
					deltas.add(Json.object("type", "text_delta", "text", word));
				}
			}
			case "tool_use" -> {
				JsonNode input = block.get("input");
				start.set("input", Json.object());
				deltas.add(Json.object("type", "input_json_delta", "partial_json", ""));
				for (String piece : Pieces.of(Json.write(input), 9)) {
					deltas.add(Json.object("type", "input_json_delta", "partial_json", piece));
				}
			}
			default -> {
			}
		}
		event("content_block_start", "index", index, "content_block", start);
		if (index == 0) {
			event("ping");
		}
		deltas.forEach((delta) -> event("content_block_delta", "index", index, "delta", delta));
		event("content_block_stop", "index", index);
	}

	private void event(String type, Object... fields) {
		ObjectNode event = Json.object("type", type);
		event.setAll(Json.object(fields));
		this.frames.add("event: " + type + "\ndata: " + Json.write(event) + "\n\n");
	}

}
