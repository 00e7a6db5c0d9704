package dev.llmproxy.testkit.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.EventStreamMessage;
import dev.llmproxy.testkit.fake.Answer.Finish;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes an answer of Converse, whole or as messages of an event stream. */
final class BedrockRendering {

	static final String EVENT_STREAM = "application/vnd.amazon.eventstream";

	private static final String PADDING = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	private final Conversation conversation;

	private final Answer answer;

	private final boolean tellsStopSequence;

	private final List<ObjectNode> content = new ArrayList<>();

	private final List<byte[]> frames = new ArrayList<>();

	BedrockRendering(FakeState state, JsonNode request, Conversation conversation, Answer answer) {
		this.conversation = conversation;
		this.answer = answer;
		this.tellsStopSequence = request.path("additionalModelResponseFieldPaths")
			.toString()
			.contains("/stop_sequence");
		String reasoning = answer.reasoning();
		if (reasoning != null) {
			this.content.add(Json.object("reasoningContent", Json.object("reasoningText",
					Json.object("text", reasoning, "signature", Signatures.of(BedrockMessages.PROVIDER, reasoning)))));
		}
		if (!answer.text().isEmpty()) {
			this.content.add(Json.object("text", answer.text()));
		}
		for (Answer.ToolCall call : answer.toolCalls()) {
			this.content.add(Json.object("toolUse",
					Json.object("toolUseId", state.id("tooluse_"), "name", call.name(), "input", call.arguments())));
		}
	}

	ObjectNode whole() {
		ObjectNode response = Json.object("metrics", Json.object("latencyMs", 12), "output",
				Json.object("message", Json.object("content", Json.array(this.content), "role", "assistant")),
				"stopReason", stopReason(), "usage", usage());
		if (this.tellsStopSequence) {
			response.set("additionalModelResponseFields", Json.object("stop_sequence", this.answer.stopSequence()));
		}
		return response;
	}

	private String stopReason() {
		return switch (this.answer.finish()) {
			case STOP -> "end_turn";
			case STOP_SEQUENCE -> "stop_sequence";
			case LENGTH -> "max_tokens";
			case TOOL_CALLS -> "tool_use";
			case REFUSAL -> "content_filtered";
		};
	}

	private ObjectNode usage() {
		int cached = this.conversation.cachedTokens();
		int written = this.conversation.cacheWrittenTokens();
		int input = this.conversation.inputTokens() - cached - written;
		int output = this.answer.outputTokens();
		return Json.object("inputTokens", input, "outputTokens", output, "totalTokens",
				input + output + cached + written, "cacheReadInputTokens", cached, "cacheWriteInputTokens", written);
	}

	Reply stream() {
		event("messageStart", Json.object("role", "assistant"));
		for (int index = 0; index < this.content.size(); index++) {
			block(index, this.content.get(index));
			event("contentBlockStop", Json.object("contentBlockIndex", index));
		}
		ObjectNode stop = Json.object("stopReason", stopReason());
		if (this.tellsStopSequence && this.answer.finish() == Finish.STOP_SEQUENCE) {
			stop.set("additionalModelResponseFields", Json.object("stop_sequence", this.answer.stopSequence()));
		}
		event("messageStop", stop);
		event("metadata", Json.object("metrics", Json.object("latencyMs", 12), "usage", usage()));
		return new Reply.Frames(Map.of("Content-Type", EVENT_STREAM), this.frames);
	}

	/** Only tool use has a start of its own. */
	private void block(int index, ObjectNode block) {
		if (block.has("text")) {
			for (String word : Pieces.words(block.get("text").asString())) {
				delta(index, Json.object("text", word));
			}
		}
		else if (block.has("reasoningContent")) {
			JsonNode text = block.at("/reasoningContent/reasoningText");
			for (String word : Pieces.words(text.get("text").asString())) {
				delta(index, Json.object("reasoningContent", Json.object("text", word)));
			}
			delta(index, Json.object("reasoningContent", Json.object("signature", text.get("signature"))));
		}
		else {
			JsonNode call = block.get("toolUse");
			event("contentBlockStart", Json.object("contentBlockIndex", index, "start",
					Json.object("toolUse", Json.object("name", call.get("name"), "toolUseId", call.get("toolUseId")))));
			for (String piece : Pieces.of(Json.write(call.get("input")), 9)) {
				delta(index, Json.object("toolUse", Json.object("input", piece)));
			}
		}
	}

	private void delta(int index, ObjectNode delta) {
		event("contentBlockDelta", Json.object("contentBlockIndex", index, "delta", delta));
	}

	private void event(String type, ObjectNode payload) {
		// Pads what an eavesdropper sees to lengths that say nothing.
		payload.put("p", PADDING.substring(0, 1 + Json.write(payload).length() % PADDING.length()));
		this.frames.add(EventStreamMessage.event(type, Json.write(payload)));
	}

}
