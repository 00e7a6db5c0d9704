package dev.llmproxy.dialect.anthropic;

import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.Signature;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one block of a streamed message, from its start to its stop. */
interface AnthropicBlockReader {

	void delta(JsonNode delta, Consumer<ChatEvent> sink);

	/**
	 * The block is complete.
	 * @return the signature of the call that may follow
	 */
	@Nullable Signature stop(Consumer<ChatEvent> sink);

	static AnthropicBlockReader text(JsonNode block, Consumer<ChatEvent> sink) {
		return new Text().start(block, sink);
	}

	static AnthropicBlockReader thinking(JsonNode block, Consumer<ChatEvent> sink) {
		return new Thinking().start(block, sink);
	}

	/**
	 * Reads a call.
	 * @param call its number among the message's calls
	 */
	static AnthropicBlockReader toolUse(JsonNode block, int call, @Nullable Signature signature,
			Consumer<ChatEvent> sink) {
		sink.accept(new ChatEvent.ToolCallStarted(0, call, AnthropicJson.textOrEmpty(block.path("id")),
				AnthropicJson.textOrEmpty(block.path("name")), signature));
		return new ToolUse(call, block.path("input"));
	}

	/** An answer's text. */
	final class Text implements AnthropicBlockReader {

		private Text start(JsonNode block, Consumer<ChatEvent> sink) {
			delta(block, sink);
			return this;
		}

		@Override
		public void delta(JsonNode delta, Consumer<ChatEvent> sink) {
			String text = AnthropicJson.textOrEmpty(delta.path("text"));
			if (!text.isEmpty()) {
				sink.accept(new ChatEvent.TextDelta(0, text));
			}
		}

		@Override
		public @Nullable Signature stop(Consumer<ChatEvent> sink) {
			return null;
		}

	}

	/** Thoughts and, at their end, the signature. */
	final class Thinking implements AnthropicBlockReader {

		private final StringBuilder signature = new StringBuilder();

		private boolean empty = true;

		private Thinking start(JsonNode block, Consumer<ChatEvent> sink) {
			delta(block, sink);
			return this;
		}

		@Override
		public void delta(JsonNode delta, Consumer<ChatEvent> sink) {
			this.signature.append(AnthropicJson.textOrEmpty(delta.path("signature")));
			String text = AnthropicJson.textOrEmpty(delta.path("thinking"));
			if (!text.isEmpty()) {
				this.empty = false;
				sink.accept(new ChatEvent.ReasoningDelta(0, text));
			}
		}

		@Override
		public @Nullable Signature stop(Consumer<ChatEvent> sink) {
			Signature proof = AnthropicSignatures.decode(this.signature.toString());
			if (proof == null) {
				return null;
			}
			if (this.empty && AnthropicSignatures.ofCall(proof) != null) {
				return proof;
			}
			sink.accept(new ChatEvent.ReasoningSigned(0, proof));
			return null;
		}

	}

	/** A call of one of the caller's tools. */
	final class ToolUse implements AnthropicBlockReader {

		private final int call;

		/** Compatible endpoints send it at once, the API in deltas. */
		private final JsonNode input;

		private boolean empty = true;

		private ToolUse(int call, JsonNode input) {
			this.call = call;
			this.input = input;
		}

		@Override
		public void delta(JsonNode delta, Consumer<ChatEvent> sink) {
			String json = AnthropicJson.textOrEmpty(delta.path("partial_json"));
			if (!json.isEmpty()) {
				this.empty = false;
				sink.accept(new ChatEvent.ToolCallDelta(0, this.call, json));
			}
		}

		@Override
		public @Nullable Signature stop(Consumer<ChatEvent> sink) {
			if (this.empty && this.input.isObject() && !this.input.isEmpty()) {
				sink.accept(new ChatEvent.ToolCallDelta(0, this.call, AnthropicJson.text(this.input)));
			}
			return null;
		}

	}

}
