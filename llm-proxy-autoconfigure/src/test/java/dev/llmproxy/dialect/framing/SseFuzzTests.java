package dev.llmproxy.dialect.framing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Random streams, from a seed so that a failure repeats, against the reference. */
class SseFuzzTests {

	private static final String[] WORDS = { "\n", "\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\r\r", ":", ": ", " ",
			"data", "data:", "data: ", "data: {\"a\":1}", "data: [DONE]", "event", "event: x", "id: 1", "id: \0", "id",
			"retry: 5", "x", "\u00EF\u00BB\u00BF", "\u00EF\u00BB", "\u00E6\u009D\u00B1", "\u0085", "\u00E2\u0080\u00A8",
			"\0", "\t" };

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void theDecoderReadsWhatTheStandardSays(long seed) {
		Random random = new Random(seed);
		for (int round = 0; round < 10_000; round++) {
			byte[] stream = stream(random);
			int bound = 1 + random.nextInt(80);
			ReferenceSseReader expected = new ReferenceSseReader(stream, bound);
			SseDecoder decoder = new SseDecoder(bound);
			List<SseEvent> events = new ArrayList<>();
			FramingException failure = feed(decoder, stream, random, bound, events);
			assertThat(events).as(() -> describe(stream)).isEqualTo(expected.events());
			assertThat(failure != null).as(() -> describe(stream)).isEqualTo(expected.isTooLarge());
			if (failure == null) {
				assertThat(decoder.hasPartial()).as(() -> describe(stream)).isEqualTo(expected.hasPartial());
				assertThat(decoder.comments()).as(() -> describe(stream)).isEqualTo(expected.comments());
			}
			else {
				assertThat(failure.code()).isEqualTo(FramingException.Code.TOO_LARGE);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 4, 5, 6 })
	void theFrameFinderAgreesWithTheDecoder(long seed) {
		Random random = new Random(seed);
		for (int round = 0; round < 3_000; round++) {
			byte[] stream = stream(random);
			SseRelay whole = new SseRelay();
			whole.receive(stream, 0, stream.length);
			whole.end();
			SseRelay relay = new SseRelay();
			for (int at = 0; at < stream.length;) {
				int length = Math.min(stream.length - at, random.nextInt(12));
				relay.receive(stream, at, length);
				at += length;
			}
			relay.end();
			assertThat(relay.frames()).as(() -> describe(stream)).isEqualTo(whole.frames());
			assertThat(relay.tail()).isEqualTo(whole.tail());
			assertThat(String.join("", whole.frames()) + whole.tail())
				.isEqualTo(new String(stream, StandardCharsets.ISO_8859_1));
			SseFramesAssert.assertFramesHoldTheEvents(stream, whole.frames());
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 7, 8 })
	void theLastFrameFoundFromBehindIsABoundary(long seed) {
		Random random = new Random(seed);
		for (int round = 0; round < 10_000; round++) {
			byte[] stream = stream(random);
			boolean eof = random.nextBoolean();
			int last = SseFrames.INCOMPLETE;
			for (int end; (end = SseFrames.nextFrameEnd(stream, Math.max(0, last), stream.length, eof)) >= 0;) {
				last = end;
			}
			int found = SseFrames.lastFrameEnd(stream, 0, stream.length, eof);
			boolean lastCr = stream.length > 0 && stream[stream.length - 1] == '\r' && !eof;
			assertThat(found).as(() -> describe(stream)).isIn(last, lastCr ? stream.length : last);
		}
	}

	private static @Nullable FramingException feed(SseDecoder decoder, byte[] stream, Random random, int bound,
			List<SseEvent> events) {
		try {
			for (int at = 0; at < stream.length;) {
				int length = Math.min(stream.length - at, random.nextInt(20));
				if (random.nextBoolean()) {
					decoder.feed(stream, at, length, events::add);
				}
				else {
					decoder.feed(ByteBuffer.allocateDirect(length).put(stream, at, length).flip(), events::add);
				}
				assertThat(decoder.retainedBytes()).isLessThanOrEqualTo(2 * bound);
				at += length;
			}
			return null;
		}
		catch (FramingException ex) {
			assertThat(decoder.retainedBytes()).isZero();
			return ex;
		}
	}

	private static byte[] stream(Random random) {
		ByteArrayOutputStream stream = new ByteArrayOutputStream();
		int words = random.nextInt(40);
		for (int i = 0; i < words; i++) {
			if (random.nextInt(8) == 0) {
				byte[] noise = new byte[random.nextInt(20)];
				random.nextBytes(noise);
				stream.writeBytes(noise);
			}
			else {
				stream.writeBytes(WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.ISO_8859_1));
			}
		}
		return stream.toByteArray();
	}

	private static String describe(byte[] stream) {
		return new String(stream, StandardCharsets.ISO_8859_1).replace("\r", "\\r").replace("\n", "\\n");
	}

}
