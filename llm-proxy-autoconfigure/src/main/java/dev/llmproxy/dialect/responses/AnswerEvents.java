package dev.llmproxy.dialect.responses;

import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Signature;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Passes the events of one streamed answer on in their order: the start before anything
 * else, and a proof that may be a call's only when that is known. Not thread-safe.
 */
final class AnswerEvents {

	private Consumer<ChatEvent> sink = (event) -> {
	};

	private boolean started;

	private @Nullable Signature undecided;

	private boolean content;

	private boolean refused;

	private boolean thinking;

	private int calls;

	/** From now on events go there. */
	void to(Consumer<ChatEvent> sink) {
		this.sink = sink;
	}

	void start(JsonNode response) {
		if (!this.started) {
			this.started = true;
			this.sink.accept(new ChatEvent.Started(response.path("id").asString(""),
					response.path("model").asString(""), response.path("created_at").asLong(0)));
		}
	}

	void emit(ChatEvent event) {
		settle();
		pass(event);
	}

	private void pass(ChatEvent event) {
		if (!this.started && !(event instanceof ChatEvent.Failed)) {
			this.started = true;
			this.sink.accept(new ChatEvent.Started("", "", 0));
		}
		this.content |= event.semantic();
		this.refused |= event instanceof ChatEvent.RefusalDelta;
		this.calls += (event instanceof ChatEvent.ToolCallStarted) ? 1 : 0;
		this.thinking = event instanceof ChatEvent.ReasoningDelta;
		this.sink.accept(event);
	}

	/** A proof without text: the next call's, or else a thought's. */
	void undecided(Signature signature) {
		settle();
		this.undecided = signature;
		this.content = true;
	}

	private void settle() {
		if (this.undecided != null) {
			Signature signature = this.undecided;
			this.undecided = null;
			pass(new ChatEvent.ReasoningSigned(0, signature));
		}
	}

	/**
	 * A call begins.
	 * @return its index
	 */
	int call(String callId, String name) {
		Signature signature = this.undecided;
		this.undecided = null;
		int index = this.calls;
		pass(new ChatEvent.ToolCallStarted(0, index, callId, name, signature));
		return index;
	}

	boolean hasContent() {
		return this.content;
	}

	/** Whether the last event was a thought that is not signed. */
	boolean isThinking() {
		return this.thinking;
	}

	FinishReason finish(JsonNode response) {
		settle();
		return Outcome.finish(response, this.calls > 0, this.refused);
	}

}
