package dev.llmproxy.provider;

import java.nio.ByteBuffer;
import java.util.Arrays;

import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.dialect.MalformedJsonException;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;

/** Finds where frames end. */
interface FrameFinder {

	/**
	 * The index just after the frame that begins at {@code from}.
	 * @param scanned up to where an earlier call has looked in vain
	 * @return the index, or −1 if the frame is not complete before {@code to}
	 */
	int nextFrameEnd(ByteBuffer bytes, int from, int scanned, int to);

	/** Where the first frame begins. */
	default int begin(ByteBuffer bytes, int from, int to) {
		return from;
	}

	/**
	 * Completes a frame that the end of the stream left open.
	 * @return the frame, or {@code null} where that would be guessing
	 */
	byte @Nullable [] close(byte[] rest);

	static FrameFinder of(Framing framing) {
		return switch (framing) {
			case SSE -> Sse.INSTANCE;
			case AWS_EVENT_STREAM -> EventStream.INSTANCE;
			default -> throw new IllegalArgumentException(framing + " has no frames");
		};
	}

	/** Server-sent events. */
	enum Sse implements FrameFinder {

		INSTANCE;

		@Override
		public int nextFrameEnd(ByteBuffer bytes, int from, int scanned, int to) {
			return SseFrames.nextFrameEnd(bytes, from, scanned, to, false);
		}

		@Override
		public int begin(ByteBuffer bytes, int from, int to) {
			return SseFrames.skipBom(bytes, from, to);
		}

		/** What is left must be a whole message: half of one may look like its end. */
		@Override
		public byte @Nullable [] close(byte[] rest) {
			byte[] closed = Arrays.copyOf(rest, rest.length + 2);
			closed[rest.length] = '\n';
			closed[rest.length + 1] = '\n';
			long data = SseFrames.dataRange(closed, 0, closed.length);
			if (SseFrames.isDone(closed, 0, closed.length)) {
				return closed;
			}
			return (data >= 0 && isJson(Arrays.copyOfRange(closed, SseFrames.start(data), SseFrames.end(data))))
					? closed : null;
		}

		private static boolean isJson(byte[] data) {
			try {
				EnvelopeScanner.validate(data, ResponseReader.ANSWER_LIMITS);
				return true;
			}
			catch (MalformedJsonException ex) {
				return false;
			}
		}

	}

	/** {@code application/vnd.amazon.eventstream}. */
	enum EventStream implements FrameFinder {

		INSTANCE;

		/** Prelude, its checksum, and the message's. */
		private static final int MINIMUM = 16;

		@Override
		public int nextFrameEnd(ByteBuffer bytes, int from, int scanned, int to) {
			if (to - from < MINIMUM) {
				return -1;
			}
			int length = bytes.getInt(from);
			if (length < MINIMUM) {
				throw new DecodingException("an event-stream message of impossible length");
			}
			return (length <= to - from) ? from + length : -1;
		}

		@Override
		public byte @Nullable [] close(byte[] rest) {
			return null;
		}

	}

}
