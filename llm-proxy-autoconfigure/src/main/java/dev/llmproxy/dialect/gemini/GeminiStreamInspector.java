package dev.llmproxy.dialect.gemini;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.framing.SseDecoder;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Watches a stream of {@code GenerateContentResponse}s. Until the first part every chunk
 * is parsed; afterwards chunks are only searched, and parsed when they finish a
 * candidate, are of another candidate than the first, come after the end or tell an
 * error.
 */
final class GeminiStreamInspector implements StreamInspector {

	private static final byte[] ERROR = ascii("\"error\"");

	private static final byte[] FINISH = ascii("\"finishReason\"");

	private static final byte[] INDEX = ascii("\"index\"");

	private final GeminiProgress progress = new GeminiProgress();

	private boolean begun;

	/** Whether a chunk that was parsed calls a function; such a call is one chunk. */
	private boolean called;

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
		if (range == SseFrames.NONE || SseFrames.isDone(frame, from, to)) {
			return Kind.LIFECYCLE;
		}
		return inspect(frame, SseFrames.start(range), SseFrames.end(range));
	}

	private Kind inspect(ByteBuffer bytes, int start, int end) {
		boolean telling = !this.begun || this.progress.complete() || SseFrames.indexOf(bytes, start, end, FINISH) >= 0
				|| SseFrames.indexOf(bytes, start, end, ERROR) >= 0 || isAnother(bytes, start, end);
		if (!telling) {
			return Kind.SEMANTIC;
		}
		JsonNode chunk = parse(bytes, start, end);
		if (chunk.hasNonNull("error")) {
			this.error = GeminiErrors.decode(502, chunk.path("error"));
			return Kind.ERROR;
		}
		this.progress.observe(chunk);
		this.called |= this.finish == null && SseFrames.contains(bytes, start, end, GeminiFinish.CALL);
		String reason = GeminiFinish.of(chunk.path("candidates").path(0));
		if (reason != null) {
			this.finish = GeminiFinish.decode(reason, this.called);
		}
		Usage told = GeminiUsage.of(chunk.path("usageMetadata"));
		this.usage = (told != null) ? told : this.usage;
		this.begun |= isMeaningful(chunk);
		return this.begun ? Kind.SEMANTIC : Kind.LIFECYCLE;
	}

	private static boolean isMeaningful(JsonNode chunk) {
		for (JsonNode candidate : chunk.path("candidates")) {
			if (GeminiFinish.of(candidate) != null) {
				return true;
			}
			for (JsonNode part : candidate.path("content").path("parts")) {
				boolean empty = part.isEmpty()
						|| (part.path("text").asString("x").isEmpty() && !part.has("thoughtSignature"));
				if (!empty) {
					return true;
				}
			}
		}
		return GeminiFinish.isBlocked(chunk);
	}

	/** Whether some {@code "index"} is not 0. */
	private static boolean isAnother(ByteBuffer bytes, int start, int end) {
		for (int at = start; (at = SseFrames.indexOf(bytes, at, end, INDEX)) >= 0;) {
			at += INDEX.length;
			while (at < end && (bytes.get(at) == ':' || bytes.get(at) == ' ')) {
				at++;
			}
			if (at < end && bytes.get(at) >= '1' && bytes.get(at) <= '9') {
				return true;
			}
		}
		return false;
	}

	private static JsonNode parse(ByteBuffer bytes, int start, int end) {
		byte[] json = new byte[end - start];
		bytes.get(start, json);
		try {
			return GeminiJson.MAPPER.readTree(json);
		}
		catch (JacksonException ex) {
			throw new DecodingException("a chunk that is not JSON");
		}
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	@Override
	public boolean complete() {
		return this.progress.complete();
	}

	@Override
	public @Nullable Usage usage() {
		return (this.usage == null || complete()) ? this.usage : this.usage.asEstimate();
	}

	@Override
	public @Nullable FinishReason finish() {
		return this.progress.refused() ? FinishReason.CONTENT_FILTER : this.finish;
	}

	@Override
	public LlmError error() {
		return this.error;
	}

}
