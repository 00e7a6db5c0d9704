package dev.llmproxy.testkit.fake;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.testkit.fake.Answer.Finish;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes an answer as a chat completion, whole or in chunks. */
final class OpenAiChatRendering {

	private final FakeState state;

	private final String id;

	private final String model;

	private final Conversation conversation;

	private final Answer answer;

	private final int choices;

	private final boolean logprobs;

	OpenAiChatRendering(FakeState state, String model, Conversation conversation, Answer answer, int choices,
			boolean logprobs) {
		this.state = state;
		this.id = state.id("chatcmpl-");
		this.model = model;
		this.conversation = conversation;
		this.answer = answer;
		this.choices = choices;
		this.logprobs = logprobs;
	}

	ObjectNode whole() {
		ArrayNode list = Json.array();
		for (int i = 0; i < this.choices; i++) {
			list.add(Json.object("index", i, "message", message(), "logprobs",
					this.logprobs ? logprobs(Pieces.words(this.answer.text())) : null, "finish_reason", finish()));
		}
		return Json.object("id", this.id, "object", "chat.completion", "created", FakeState.CREATED, "model",
				this.model, "choices", list, "usage", usage(), "service_tier", "default", "system_fingerprint",
				"fp_fake");
	}

	private ObjectNode message() {
		boolean refused = this.answer.finish() == Finish.REFUSAL;
		boolean silent = refused || (this.answer.text().isEmpty() && !this.answer.toolCalls().isEmpty());
		ObjectNode message = Json.object("role", "assistant", "content", silent ? null : this.answer.text(), "refusal",
				refused ? this.answer.text() : null, "annotations", Json.array());
		if (this.answer.reasoning() != null) {
			message.put("reasoning_content", this.answer.reasoning());
		}
		if (!this.answer.toolCalls().isEmpty()) {
			ArrayNode calls = message.putArray("tool_calls");
			for (Answer.ToolCall call : this.answer.toolCalls()) {
				calls.add(Json.object("id", this.state.id("call_"), "type", "function", "function",
						Json.object("name", call.name(), "arguments", Json.write(call.arguments()))));
			}
		}
		return message;
	}

	private static ObjectNode logprobs(List<String> words) {
		ArrayNode content = Json.array();
		for (String word : words) {
			ArrayNode bytes = Json.array();
			for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
				bytes.add(Byte.toUnsignedInt(b));
			}
			content.add(Json.object("token", word, "logprob", -0.5, "bytes", bytes, "top_logprobs", Json.array()));
		}
		return Json.object("content", content, "refusal", null);
	}

	private ObjectNode usage() {
		int input = this.conversation.inputTokens();
		int output = this.answer.outputTokens();
		return Json.object("prompt_tokens", input, "completion_tokens", output, "total_tokens", input + output,
				"prompt_tokens_details",
				Json.object("cached_tokens", this.conversation.cachedTokens(), "cache_write_tokens",
						this.conversation.cacheWrittenTokens(), "audio_tokens", 0),
				"completion_tokens_details", Json.object("reasoning_tokens", this.answer.reasoningTokens(),
						"audio_tokens", 0, "accepted_prediction_tokens", 0, "rejected_prediction_tokens", 0));
	}

	private String finish() {
		return switch (this.answer.finish()) {
			case STOP, STOP_SEQUENCE, REFUSAL -> "stop";
			case LENGTH -> "length";
			case TOOL_CALLS -> "tool_calls";
		};
	}

	/**
	 * The frames of a stream.
	 * @param usage whether the last chunk before the end tells the usage
	 * @param obfuscation whether chunks are padded
	 */
	List<String> chunks(boolean usage, boolean obfuscation) {
		List<ObjectNode> chunks = new ArrayList<>();
		for (int i = 0; i < this.choices; i++) {
			chunks.add(chunk(i, Json.object("role", "assistant", "content", "", "refusal", null), null));
		}
		for (int i = 0; i < this.choices; i++) {
			if (this.answer.reasoning() != null) {
				for (String word : Pieces.words(this.answer.reasoning())) {
					chunks.add(chunk(i, Json.object("reasoning_content", word), null));
				}
			}
			String field = (this.answer.finish() == Finish.REFUSAL) ? "refusal" : "content";
			for (String word : Pieces.words(this.answer.text())) {
				chunks.add(chunk(i, Json.object(field, word), null));
			}
			addCalls(i, chunks);
			chunks.add(chunk(i, Json.object(), finish()));
		}
		if (obfuscation) {
			// Pads what an eavesdropper sees to lengths that say nothing.
			chunks.forEach((chunk) -> chunk.put("obfuscation", "x".repeat(1 + Json.write(chunk).length() % 16)));
		}
		if (usage) {
			chunks.forEach((chunk) -> chunk.putNull("usage"));
			ObjectNode last = envelope(Json.array());
			last.set("usage", usage());
			chunks.add(last);
		}
		List<String> frames = new ArrayList<>();
		chunks.forEach((chunk) -> frames.add("data: " + Json.write(chunk) + "\n\n"));
		frames.add("data: [DONE]\n\n");
		return frames;
	}

	/** All calls begin before their arguments come, taking turns. */
	private void addCalls(int choice, List<ObjectNode> chunks) {
		List<List<String>> arguments = new ArrayList<>();
		for (Answer.ToolCall call : this.answer.toolCalls()) {
			chunks.add(callChunk(choice, Json.object("index", arguments.size(), "id", this.state.id("call_"), "type",
					"function", "function", Json.object("name", call.name(), "arguments", ""))));
			arguments.add(Pieces.of(Json.write(call.arguments()), 7));
		}
		int longest = arguments.stream().mapToInt(List::size).max().orElse(0);
		for (int i = 0; i < longest; i++) {
			for (int call = 0; call < arguments.size(); call++) {
				if (i < arguments.get(call).size()) {
					chunks.add(callChunk(choice, Json.object("index", call, "function",
							Json.object("arguments", arguments.get(call).get(i)))));
				}
			}
		}
	}

	private ObjectNode callChunk(int choice, ObjectNode call) {
		return chunk(choice, Json.object("tool_calls", Json.array(call)), null);
	}

	private ObjectNode chunk(int choice, ObjectNode delta, @Nullable String finish) {
		String said = delta.path("content").asString("");
		return envelope(Json.array(Json.object("index", choice, "delta", delta, "logprobs",
				(this.logprobs && !said.isEmpty()) ? logprobs(List.of(said)) : null, "finish_reason", finish)));
	}

	private ObjectNode envelope(ArrayNode choices) {
		return Json.object("id", this.id, "object", "chat.completion.chunk", "created", FakeState.CREATED, "model",
				this.model, "service_tier", "default", "system_fingerprint", "fp_fake", "choices", choices);
	}

}
