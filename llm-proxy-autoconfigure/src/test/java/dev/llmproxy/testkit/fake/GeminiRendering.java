package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.fake.Answer.Finish;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Writes an answer as a {@code GenerateContentResponse}, whole or in chunks. */
final class GeminiRendering {

	private final FakeState state;

	private final String responseId;

	private final Conversation conversation;

	private final Answer answer;

	/** Whether the model signs its calls: it does from 3 on, and when it thinks. */
	private final boolean signs;

	private final boolean newest;

	GeminiRendering(FakeState state, Conversation conversation, Answer answer) {
		this.state = state;
		this.responseId = state.id("resp-");
		this.conversation = conversation;
		this.answer = answer;
		this.newest = conversation.model().contains("gemini-3");
		this.signs = this.newest || answer.reasoning() != null;
	}

	ObjectNode whole() {
		List<ObjectNode> parts = new ArrayList<>();
		if (this.answer.reasoning() != null) {
			parts.add(Json.object("text", this.answer.reasoning(), "thought", true));
		}
		if (!this.answer.text().isEmpty() && this.answer.finish() != Finish.REFUSAL) {
			ObjectNode text = Json.object("text", this.answer.text());
			if (this.signs && this.answer.toolCalls().isEmpty()) {
				text.put("thoughtSignature", GeminiSignature.make(this.state));
			}
			parts.add(text);
		}
		parts.addAll(calls());
		return response(parts, finish(), this.answer.outputTokens());
	}

	/** The first call of a step carries the signature. */
	private List<ObjectNode> calls() {
		List<ObjectNode> parts = new ArrayList<>();
		for (Answer.ToolCall call : this.answer.toolCalls()) {
			ObjectNode function = Json.object("name", call.name(), "args", call.arguments());
			if (this.newest) {
				function.put("id", this.state.id("fc"));
			}
			ObjectNode part = Json.object("functionCall", function);
			if (this.signs && parts.isEmpty()) {
				part.put("thoughtSignature", GeminiSignature.make(this.state));
			}
			parts.add(part);
		}
		return parts;
	}

	private String finish() {
		return switch (this.answer.finish()) {
			case STOP, STOP_SEQUENCE, TOOL_CALLS -> "STOP";
			case LENGTH -> "MAX_TOKENS";
			case REFUSAL -> "SAFETY";
		};
	}

	private ObjectNode response(List<ObjectNode> parts, @Nullable String finish, int output) {
		ObjectNode candidate = Json.object();
		if (!parts.isEmpty()) {
			candidate.set("content", Json.object("parts", Json.array(parts), "role", "model"));
		}
		if (finish != null) {
			candidate.put("finishReason", finish);
			if (finish.equals("SAFETY")) {
				candidate.set("safetyRatings", Json.array(Json.object("category", "HARM_CATEGORY_DANGEROUS_CONTENT",
						"probability", "HIGH", "blocked", true)));
			}
		}
		candidate.put("index", 0);
		return Json.object("candidates", Json.array(candidate), "usageMetadata", usage(output), "modelVersion",
				this.conversation.model(), "responseId", this.responseId);
	}

	private ObjectNode usage(int output) {
		int input = this.conversation.inputTokens();
		int thoughts = Math.min(output, this.answer.reasoningTokens());
		ObjectNode usage = Json.object("promptTokenCount", input, "candidatesTokenCount", output - thoughts,
				"totalTokenCount", input + output, "promptTokensDetails",
				Json.array(Json.object("modality", "TEXT", "tokenCount", input)));
		if (this.conversation.cachedTokens() > 0) {
			usage.put("cachedContentTokenCount", this.conversation.cachedTokens());
		}
		if (thoughts > 0) {
			usage.put("thoughtsTokenCount", thoughts);
		}
		return usage;
	}

	/** A stream of events, or without them the pieces of one JSON array. */
	Reply stream(boolean events) {
		List<byte[]> frames = new ArrayList<>();
		List<ObjectNode> chunks = chunks();
		for (int i = 0; i < chunks.size(); i++) {
			String json = Json.write(chunks.get(i));
			String array = ((i == 0) ? "[" : ",\r\n") + json + ((i == chunks.size() - 1) ? "]" : "");
			frames.add((events ? "data: " + json + "\r\n\r\n" : array).getBytes(StandardCharsets.UTF_8));
		}
		return new Reply.Frames(Map.of("Content-Type", events ? "text/event-stream" : "application/json"), frames);
	}

	private List<ObjectNode> chunks() {
		List<ObjectNode> chunks = new ArrayList<>();
		int tokens = 0;
		if (this.answer.reasoning() != null) {
			for (String word : Pieces.words(this.answer.reasoning())) {
				chunks.add(response(List.of(Json.object("text", word, "thought", true)), null, ++tokens));
			}
		}
		if (this.answer.finish() != Finish.REFUSAL) {
			for (String word : Pieces.words(this.answer.text())) {
				chunks.add(response(List.of(Json.object("text", word)), null, ++tokens));
			}
		}
		for (ObjectNode call : calls()) {
			chunks.add(response(List.of(call), null, this.answer.outputTokens()));
		}
		List<ObjectNode> last = new ArrayList<>();
		if (this.answer.finish() != Finish.REFUSAL) {
			ObjectNode end = Json.object("text", "");
			if (this.signs && this.answer.toolCalls().isEmpty()) {
				end.put("thoughtSignature", GeminiSignature.make(this.state));
			}
			last.add(end);
		}
		chunks.add(response(last, finish(), this.answer.outputTokens()));
		return chunks;
	}

}
