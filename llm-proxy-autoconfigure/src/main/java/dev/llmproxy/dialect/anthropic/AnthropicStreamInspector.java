package dev.llmproxy.dialect.anthropic;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Watches a streamed message. The event's name says what a frame is; once the answer has
 * begun, only the frames that tell the usage or an error are parsed.
 */
final class AnthropicStreamInspector implements StreamInspector {

	private static final byte[] DELTA = ascii("content_block_delta");

	/**
	 * Of frames without a name those that matter even in the middle hold one of these.
	 */
	private static final List<byte[]> MARKS = List.of(ascii("message_delta"), ascii("message_stop"), ascii("error"));

	private boolean begun;

	private boolean complete;

	private @Nullable JsonNode usage;

	private @Nullable FinishReason finish;

	private LlmError error = new LlmError(ErrorKind.UPSTREAM, "The provider failed while answering.");

	@Override
	public Kind inspect(ByteBuffer frame) {
		int from = frame.position();
		int to = frame.limit();
		long range = SseFrames.dataRange(frame, from, to);
		if (range < 0) {
			return Kind.LIFECYCLE;
		}
		long name = SseFrames.eventRange(frame, from, to);
		if (this.begun && isMiddle(frame, name, range)) {
			return Kind.SEMANTIC;
		}
		return switch (name(frame, name, range)) {
			case "message_start" -> {
				tellUsage(parse(frame, range).path("message"));
				yield lifecycle();
			}
			case "content_block_start" -> block(frame, range, "content_block");
			case "content_block_delta" -> block(frame, range, "delta");
			case "message_delta" -> {
				JsonNode data = parse(frame, range);
				tellUsage(data);
				String reason = AnthropicJson.textOrNull(data.path("delta").path("stop_reason"));
				if (reason != null) {
					this.complete = true;
					this.finish = AnthropicStopReasons.decode(reason);
				}
				yield semantic();
			}
			case "message_stop" -> {
				this.complete = true;
				yield semantic();
			}
			case "error" -> {
				this.error = AnthropicErrors.decode(502, parse(frame, range));
				yield Kind.ERROR;
			}
			default -> lifecycle();
		};
	}

	/** Whether it is surely more of the answer, without a look inside. */
	private static boolean isMiddle(ByteBuffer frame, long name, long data) {
		if (name >= 0) {
			return SseFrames.end(name) - SseFrames.start(name) == DELTA.length
					&& SseFrames.contains(frame, SseFrames.start(name), SseFrames.end(name), DELTA);
		}
		return MARKS.stream()
			.noneMatch((mark) -> SseFrames.contains(frame, SseFrames.start(data), SseFrames.end(data), mark));
	}

	/** Some compatible endpoints give no name; then the data tells. */
	private static String name(ByteBuffer frame, long name, long data) {
		if (name < 0) {
			return AnthropicJson.textOrEmpty(parse(frame, data).path("type"));
		}
		byte[] text = new byte[SseFrames.end(name) - SseFrames.start(name)];
		frame.get(SseFrames.start(name), text);
		return new String(text, StandardCharsets.ISO_8859_1);
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private Kind block(ByteBuffer frame, long range, String field) {
		return (this.begun || saysSomething(parse(frame, range).path(field))) ? semantic() : Kind.LIFECYCLE;
	}

	/** Whether a block or a delta holds more than its type. */
	private static boolean saysSomething(JsonNode content) {
		return switch (AnthropicJson.textOrEmpty(content.path("type"))) {
			case "text", "text_delta" -> !AnthropicJson.textOrEmpty(content.path("text")).isEmpty();
			case "thinking", "thinking_delta", "signature_delta" ->
				!AnthropicJson.textOrEmpty(content.path("thinking")).isEmpty()
						|| !AnthropicJson.textOrEmpty(content.path("signature")).isEmpty();
			default -> true;
		};
	}

	private Kind lifecycle() {
		return this.begun ? Kind.SEMANTIC : Kind.LIFECYCLE;
	}

	private Kind semantic() {
		this.begun = true;
		return Kind.SEMANTIC;
	}

	private void tellUsage(JsonNode owner) {
		this.usage = AnthropicUsage.merge(this.usage, owner.path("usage"));
	}

	private static ObjectNode parse(ByteBuffer frame, long range) {
		byte[] json = new byte[SseFrames.end(range) - SseFrames.start(range)];
		frame.get(SseFrames.start(range), json);
		ObjectNode data = AnthropicJson.parseObject(json);
		if (data == null) {
			throw new DecodingException("an event that is not a JSON object");
		}
		return data;
	}

	@Override
	public boolean complete() {
		return this.complete;
	}

	@Override
	public @Nullable Usage usage() {
		Usage told = (this.usage != null) ? AnthropicUsage.decode(this.usage) : null;
		return (told == null || this.complete) ? told : told.asEstimate();
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
