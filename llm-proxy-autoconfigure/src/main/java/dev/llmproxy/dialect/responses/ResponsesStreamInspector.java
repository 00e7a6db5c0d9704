package dev.llmproxy.dialect.responses;

import java.nio.ByteBuffer;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Watches a stream of response events by their types. A frame's JSON is read where it
 * tells an error, and before the first token where the type alone leaves open whether
 * something is said.
 */
final class ResponsesStreamInspector implements StreamInspector {

	private boolean begun;

	private boolean complete;

	private boolean failed;

	private boolean called;

	private @Nullable Usage usage;

	private @Nullable FinishReason finish;

	private LlmError error = new LlmError(ErrorKind.UPSTREAM, "The provider failed while answering.");

	@Override
	public Kind inspect(ByteBuffer frame) {
		int from = frame.position();
		int to = frame.limit();
		long range = SseFrames.dataRange(frame, from, to);
		if (range == SseFrames.NONE) {
			return Kind.LIFECYCLE;
		}
		FrameData data = FrameData.of(frame, range);
		Kind kind = kind(data);
		this.begun |= kind == Kind.SEMANTIC;
		return kind;
	}

	private Kind kind(FrameData data) {
		String type = data.type();
		switch (type) {
			case "response.completed" -> {
				this.finish = this.called ? FinishReason.TOOL_CALLS : FinishReason.STOP;
				return end(data);
			}
			case "response.incomplete" -> {
				this.finish = Outcome.finish(data.json().path("response"), false, false);
				return end(data);
			}
			case "response.failed", "error" -> {
				Usage told = data.usage();
				this.usage = (told != null) ? told : this.usage;
				if (!this.failed) {
					// OpenAI sends both events, and says most in the first.
					this.failed = true;
					this.error = ResponsesErrors.ofEvent(data.json());
				}
				return Kind.ERROR;
			}
			case "response.created", "response.in_progress", "response.queued", "response.content_part.added",
					"response.reasoning_summary_part.added" -> {
				return Kind.LIFECYCLE;
			}
			case "response.output_item.added" -> {
				this.called |= data.contains(ResponseInspection.CALL);
				return (this.begun || announces(data.json())) ? Kind.SEMANTIC : Kind.LIFECYCLE;
			}
			default -> {
				boolean says = type.startsWith("response.") && (this.begun || !isEmptyDelta(type, data));
				return says ? Kind.SEMANTIC : Kind.LIFECYCLE;
			}
		}
	}

	private Kind end(FrameData data) {
		this.complete = true;
		this.usage = data.usage();
		return Kind.SEMANTIC;
	}

	/** A message or a thought that begins has yet to say something; a call has. */
	private static boolean announces(JsonNode event) {
		String item = event.path("item").path("type").asString("");
		return !item.equals("message") && !item.equals("reasoning");
	}

	private static boolean isEmptyDelta(String type, FrameData data) {
		return type.endsWith(".delta") && data.json().path("delta").asString("x").isEmpty();
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
