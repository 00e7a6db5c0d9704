package dev.llmproxy.dialect.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonBytes;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.MalformedJsonException;
import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.dialect.ServiceTier;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.framing.SseDecoder;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Watches a stream of chat completion chunks. Until the first token every chunk is
 * checked, and parsed unless it brings text; afterwards chunks are only searched, checked
 * if they end the answer, and parsed when they tell an error.
 */
final class OpenAiStreamInspector implements StreamInspector {

	private static final JsonMapper JSON = ReadyMapper.shared();

	private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] FINISH = "\"finish_reason\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] DELTA = "\"delta\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] CONTENT = "\"content\"".getBytes(StandardCharsets.US_ASCII);

	private boolean begun;

	private boolean complete;

	private @Nullable Usage usage;

	private @Nullable FinishReason finish;

	private LlmError error = new LlmError(ErrorKind.UPSTREAM, "The provider failed while answering.");

	@Override
	public Kind inspect(ByteBuffer frame) {
		int from = frame.position();
		int to = frame.limit();
		long range = SseFrames.dataRange(frame, from, to);
		if (range == SseFrames.SEVERAL) {
			byte[] data = SseDecoder.dataOf(frame);
			return inspect(ByteBuffer.wrap(data), 0, data.length);
		}
		if (range < 0) {
			return Kind.LIFECYCLE;
		}
		if (SseFrames.isDone(frame, from, to)) {
			this.complete = true;
			return Kind.SEMANTIC;
		}
		return inspect(frame, SseFrames.start(range), SseFrames.end(range));
	}

	private Kind inspect(ByteBuffer frame, int start, int end) {
		if (start == end) {
			return Kind.LIFECYCLE;
		}
		if (SseFrames.indexOf(frame, start, end, ERROR) >= 0 && isError(frame, start, end)) {
			return Kind.ERROR;
		}
		boolean finished = isFinished(frame, start, end);
		this.complete |= finished;
		int usageAt = OpenAiUsage.find(frame, start, end);
		if (usageAt >= 0) {
			this.usage = OpenAiUsage.read(frame, usageAt, end, ServiceTier.find(frame, start, end));
		}
		if (finished) {
			// The end must be whole: half of it could be all there is.
			this.finish = isStrictJson(frame, start, end) ? OpenAiFinish.find(frame, start, end)
					: finish(parse(frame, start, end).path("choices"));
			this.begun = true;
			return Kind.SEMANTIC;
		}
		if (usageAt < 0 && (this.begun || bringsText(frame, start, end))) {
			this.begun = true;
			return Kind.SEMANTIC;
		}
		return parsed(frame, start, end, usageAt >= 0);
	}

	/** Text where it usually stands, in a chunk that is JSON: told without a tree. */
	private static boolean bringsText(ByteBuffer frame, int start, int end) {
		int delta = SseFrames.indexOf(frame, start, end, DELTA);
		int content = (delta >= 0) ? SseFrames.indexOf(frame, delta, end, CONTENT) : -1;
		int value = (content >= 0) ? JsonBytes.value(frame, content + CONTENT.length, end) : -1;
		return value >= 0 && value + 1 < end && frame.get(value) == '"' && frame.get(value + 1) != '"'
				&& isStrictJson(frame, start, end);
	}

	/** What is not may be JSON still, to who asks less. */
	private static boolean isStrictJson(ByteBuffer frame, int start, int end) {
		try {
			EnvelopeScanner.validate(bytes(frame, start, end), JsonLimits.DEFAULT);
			return true;
		}
		catch (MalformedJsonException ex) {
			return false;
		}
	}

	private Kind parsed(ByteBuffer frame, int start, int end, boolean withUsage) {
		JsonNode chunk = parse(frame, start, end);
		JsonNode choices = chunk.path("choices");
		if (withUsage && choices.isEmpty()) {
			return Kind.USAGE;
		}
		for (JsonNode choice : choices) {
			if (OpenAiDeltas.isMeaningful(choice)) {
				this.begun = true;
				return Kind.SEMANTIC;
			}
		}
		return this.begun ? Kind.SEMANTIC : Kind.LIFECYCLE;
	}

	private static boolean isFinished(ByteBuffer frame, int start, int end) {
		for (int at = start; (at = SseFrames.indexOf(frame, at, end, FINISH)) >= 0;) {
			at += FINISH.length;
			int value = JsonBytes.value(frame, at, end);
			if (value >= 0 && value + 1 < end && frame.get(value) == '"' && frame.get(value + 1) != '"') {
				return true;
			}
		}
		return false;
	}

	private static @Nullable FinishReason finish(JsonNode choices) {
		for (JsonNode choice : choices) {
			JsonNode reason = choice.path("finish_reason");
			if (reason.isString()) {
				return OpenAiFinish.read(reason, false, false);
			}
		}
		return null;
	}

	private boolean isError(ByteBuffer frame, int start, int end) {
		JsonNode error = OpenAiErrors.in(parse(frame, start, end));
		if (error == null) {
			return false;
		}
		this.error = OpenAiErrors.decode(502, error);
		return true;
	}

	private static JsonNode parse(ByteBuffer frame, int start, int end) {
		try {
			return JSON.readTree(bytes(frame, start, end));
		}
		catch (JacksonException ex) {
			throw new DecodingException("a chunk that is not JSON");
		}
	}

	private static byte[] bytes(ByteBuffer frame, int start, int end) {
		byte[] bytes = new byte[end - start];
		frame.get(start, bytes);
		return bytes;
	}

	@Override
	public boolean complete() {
		return this.complete;
	}

	@Override
	public @Nullable Usage usage() {
		return (this.usage == null || this.complete) ? this.usage : this.usage.asEstimate();
	}

	@Override
	public @Nullable FinishReason finish() {
		return (this.finish == null && this.complete) ? FinishReason.OTHER : this.finish;
	}

	@Override
	public LlmError error() {
		return this.error;
	}

}
