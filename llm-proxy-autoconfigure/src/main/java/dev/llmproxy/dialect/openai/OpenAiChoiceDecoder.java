package dev.llmproxy.dialect.openai;

import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.Signature;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Reads the deltas of one choice; not thread-safe. */
final class OpenAiChoiceDecoder {

	private final int choice;

	private final OpenAiCallsDecoder calls;

	/** Whether thoughts were told that nothing has sealed yet. */
	private boolean thinking;

	/** Whether thoughts come in a field of their own, which details then repeat. */
	private boolean plainThoughts;

	private Signature seal = ReasoningSeal.UNSIGNED;

	private boolean refused;

	private boolean finished;

	OpenAiChoiceDecoder(String answerId, int choice) {
		this.choice = choice;
		this.calls = new OpenAiCallsDecoder(answerId, choice);
	}

	boolean finished() {
		return this.finished;
	}

	void accept(JsonNode choice, Consumer<ChatEvent> sink) {
		if (this.finished) {
			return;
		}
		JsonNode delta = choice.path("delta");
		thoughts(delta, sink);
		text(choice.path("text"), sink);
		content(delta.path("content"), sink);
		text(delta.path("audio").path("transcript"), sink);
		String refusal = OpenAiJson.nonEmpty(delta.path("refusal"));
		if (refusal != null) {
			endThoughts(sink);
			this.refused = true;
			sink.accept(new ChatEvent.RefusalDelta(this.choice, refusal));
		}
		JsonNode toolCalls = delta.path("tool_calls");
		JsonNode functionCall = delta.path("function_call");
		if (!toolCalls.isEmpty() || functionCall.isObject()) {
			endThoughts(sink);
			toolCalls.forEach((call) -> this.calls.accept(call, sink));
			this.calls.acceptFunction(functionCall, sink);
		}
		String reason = OpenAiJson.nonEmpty(choice.path("finish_reason"));
		if (reason != null) {
			finish(choice.path("finish_reason"), sink);
		}
	}

	/** Ends a choice whose provider did not say why it stopped. */
	void finish(Consumer<ChatEvent> sink) {
		if (!this.finished) {
			finish(MissingNode.getInstance(), sink);
		}
	}

	private void finish(JsonNode reason, Consumer<ChatEvent> sink) {
		this.finished = true;
		endThoughts(sink);
		this.calls.end(sink);
		sink.accept(
				new ChatEvent.Finished(this.choice, OpenAiFinish.read(reason, this.calls.any(), this.refused), null));
	}

	private void content(JsonNode content, Consumer<ChatEvent> sink) {
		text(content, sink);
		// Mistral's reasoning models answer in parts.
		for (JsonNode part : content) {
			String thought = OpenAiResponseDecoder.thought(part);
			if (thought.isEmpty()) {
				text(part.path("text"), sink);
			}
			else {
				think(thought, sink);
			}
		}
	}

	private void text(JsonNode text, Consumer<ChatEvent> sink) {
		String piece = OpenAiJson.nonEmpty(text);
		if (piece != null) {
			endThoughts(sink);
			sink.accept(new ChatEvent.TextDelta(this.choice, piece));
		}
	}

	private void thoughts(JsonNode delta, Consumer<ChatEvent> sink) {
		String content = OpenAiJson.nonEmpty(delta.path(OpenAiReasoning.CONTENT));
		String plain = (content != null) ? content : OpenAiJson.nonEmpty(delta.path(OpenAiReasoning.PLAIN));
		if (plain != null) {
			this.plainThoughts = true;
			if (!this.thinking) {
				this.seal = (content != null) ? ReasoningSeal.UNSIGNED : ReasoningSeal.UNSIGNED_PLAIN;
			}
			think(plain, sink);
		}
		for (JsonNode detail : OpenAiReasoning.details(delta)) {
			detail(detail, sink);
		}
	}

	private void detail(JsonNode detail, Consumer<ChatEvent> sink) {
		Signature seal = ReasoningSeal.of(detail);
		boolean proven = !ReasoningSeal.isUnsigned(seal);
		if (ReasoningSeal.isEncrypted(detail)) {
			if (proven) {
				endThoughts(sink);
				sink.accept(new ChatEvent.ReasoningRedacted(this.choice, seal));
			}
			return;
		}
		String text = ReasoningSeal.text(detail);
		if (!this.plainThoughts && !text.isEmpty()) {
			think(text, sink);
		}
		if (proven) {
			this.thinking = true;
			this.seal = seal;
			endThoughts(sink);
		}
		else if (this.thinking && !seal.value().isEmpty()) {
			this.seal = seal;
		}
	}

	private void think(String text, Consumer<ChatEvent> sink) {
		this.thinking = true;
		sink.accept(new ChatEvent.ReasoningDelta(this.choice, text));
	}

	private void endThoughts(Consumer<ChatEvent> sink) {
		if (this.thinking) {
			this.thinking = false;
			sink.accept(new ChatEvent.ReasoningSigned(this.choice, this.seal));
			this.seal = ReasoningSeal.UNSIGNED;
		}
	}

}
