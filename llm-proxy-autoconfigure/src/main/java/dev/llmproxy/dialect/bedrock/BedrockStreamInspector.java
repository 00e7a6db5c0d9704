package dev.llmproxy.dialect.bedrock;

import java.nio.ByteBuffer;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.framing.EventStreamDecoder;
import dev.llmproxy.dialect.framing.EventStreamMessage;
import dev.llmproxy.dialect.framing.FramingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Watches the events of ConverseStream. Every frame's checksums are verified, since
 * nobody else does before the answer is committed; payloads are parsed until the first
 * one that means something, and those that tell the usage or an error.
 */
final class BedrockStreamInspector implements StreamInspector {

	private final EventStreamDecoder frames = new EventStreamDecoder(EventStreamDecoder.MAX_MESSAGE_BYTES);

	private boolean begun;

	private boolean complete;

	private @Nullable Usage usage;

	private @Nullable FinishReason finish;

	private LlmError error = new LlmError(ErrorKind.UPSTREAM, "The provider failed while answering.");

	private Kind kind = Kind.LIFECYCLE;

	@Override
	public Kind inspect(ByteBuffer frame) {
		this.kind = Kind.LIFECYCLE;
		try {
			this.frames.feed(frame.duplicate(), this::accept);
		}
		catch (FramingException ex) {
			throw new DecodingException("an event stream that is damaged (" + ex.code() + ")");
		}
		return this.kind;
	}

	private void accept(EventStreamMessage message) {
		this.kind = kind(message);
		this.begun |= this.kind == Kind.SEMANTIC;
	}

	private Kind kind(EventStreamMessage message) {
		if (!BedrockStreamDecoder.isEvent(message)) {
			this.error = BedrockErrors.decode(message);
			return Kind.ERROR;
		}
		String type = message.eventType();
		return switch ((type != null) ? type : "") {
			case "contentBlockStart", "contentBlockDelta", "contentBlockStop" ->
				(this.begun || isMeaningful(BedrockStreamDecoder.parse(message))) ? Kind.SEMANTIC : Kind.LIFECYCLE;
			case "messageStop" -> {
				this.complete = true;
				this.finish = BedrockStopReasons.decode(BedrockStreamDecoder.parse(message).path("stopReason"), true);
				yield Kind.SEMANTIC;
			}
			case "metadata" -> {
				JsonNode metadata = BedrockStreamDecoder.parse(message);
				this.usage = BedrockUsage.decode(metadata.path("usage"), metadata.path("serviceTier"));
				yield Kind.USAGE;
			}
			default -> Kind.LIFECYCLE;
		};
	}

	private static boolean isMeaningful(JsonNode event) {
		JsonNode delta = event.path("delta");
		return event.path("start").has("toolUse") || !BedrockJson.stringOrEmpty(delta.path("text")).isEmpty()
				|| delta.has("toolUse") || isMeaningfulThought(delta.path("reasoningContent"));
	}

	private static boolean isMeaningfulThought(JsonNode thought) {
		return !BedrockJson.stringOrEmpty(thought.path("text")).isEmpty() || thought.has("signature")
				|| thought.has("redactedContent");
	}

	@Override
	public boolean complete() {
		return this.complete;
	}

	@Override
	public @Nullable Usage usage() {
		return this.usage;
	}

	@Override
	public @Nullable FinishReason finish() {
		return this.finish;
	}

	@Override
	public LlmError error() {
		return this.error;
	}

}
