package dev.llmproxy.dialect.framing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class EventStreamDecoderTests {

	private static final int BOUND = 64 * 1024;

	private final EventStreamDecoder decoder = new EventStreamDecoder(BOUND);

	private final List<EventStreamMessage> messages = new ArrayList<>();

	@Test
	void readsAnEmptyMessage() {
		feed(HexFormat.of().parseHex("000000100000000005c248eb7d98c8ff"));
		assertThat(this.messages).containsExactly(new EventStreamMessage(Map.of(), new byte[0]));
	}

	@Test
	void readsAPayloadWithoutHeaders() {
		feed(HexFormat.of().parseHex("0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936"));
		assertThat(this.messages).containsExactly(new EventStreamMessage(Map.of(), utf8("{'foo':'bar'}")));
	}

	@Test
	void readsAStringHeader() {
		feed(HexFormat.of()
			.parseHex("0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e"
					+ "7b27666f6f273a27626172277d8d9c08b1"));
		assertThat(this.messages)
			.containsExactly(new EventStreamMessage(Map.of("content-type", "application/json"), utf8("{'foo':'bar'}")));
	}

	@Test
	void readsAConverseStreamHoweverItIsSplit() {
		List<EventStreamMessage> expected = converse();
		byte[] stream = encode(expected);
		for (int split = 0; split <= stream.length; split++) {
			List<EventStreamMessage> read = new ArrayList<>();
			EventStreamDecoder decoder = new EventStreamDecoder(BOUND);
			decoder.feed(stream, 0, split, read::add);
			decoder.feed(
					ByteBuffer.allocateDirect(stream.length - split).put(stream, split, stream.length - split).flip(),
					read::add);
			assertThat(read).as("split at %s", split).isEqualTo(expected);
			assertThat(decoder.end()).isFalse();
		}
		for (int at = 0; at < stream.length; at++) {
			this.decoder.feed(stream, at, 1, this.messages::add);
			assertThat(this.decoder.hasPartial()).isEqualTo(at < stream.length - 1 && !isBoundary(expected, at + 1));
		}
		assertThat(this.messages).isEqualTo(expected);
	}

	@Test
	void knowsTheHeadersThatMatter() {
		List<EventStreamMessage> read = converse();
		assertThat(read.get(0).messageType()).isEqualTo("event");
		assertThat(read.get(0).eventType()).isEqualTo("messageStart");
		assertThat(read.get(0).contentType()).isEqualTo("application/json");
		assertThat(read.get(0).exceptionType()).isNull();
		EventStreamMessage exception = new EventStreamMessage(
				Map.of(":message-type", "exception", ":exception-type", "throttlingException", "number", 1),
				utf8("{}"));
		assertThat(exception.exceptionType()).isEqualTo("throttlingException");
		assertThat(exception.header("number")).as("not a string").isNull();
	}

	@Test
	void equalHeadersAreReadOnce() {
		feed(encode(converse()));
		assertThat(this.messages.get(2).headers()).isSameAs(this.messages.get(1).headers())
			.isNotSameAs(this.messages.get(0).headers());
	}

	@Test
	void headersOfEqualLengthAreNotMixedUp() {
		feed(encode(List.of(event("first", "{}"), event("other", "{}"), event("first", "{}"))));
		assertThat(this.messages).extracting(EventStreamMessage::eventType).containsExactly("first", "other", "first");
	}

	@Test
	void headersCannotBeChanged() {
		feed(encode(converse()));
		assertThat(this.messages.get(0).headers()).isUnmodifiable();
	}

	@Test
	void aTruncatedStreamIsReported() {
		byte[] stream = encode(converse());
		this.decoder.feed(stream, 0, stream.length - 1, this.messages::add);
		assertThat(this.messages).hasSize(converse().size() - 1);
		assertThat(this.decoder.hasPartial()).isTrue();
		assertThat(this.decoder.end()).isTrue();
		assertThat(this.decoder.hasPartial()).isTrue();
		assertThat(this.decoder.retainedBytes()).isZero();
		assertThatIllegalStateException().isThrownBy(() -> feed(stream));
	}

	@Test
	void noDamagedByteIsEverRead() {
		List<EventStreamMessage> expected = List.of(EventStreamRoundTripTests.everyType(), converse().get(0));
		byte[] stream = encode(expected);
		for (int at = 0; at < stream.length; at++) {
			for (int flip : new int[] { 0x01, 0x80, 0xFF }) {
				byte[] damaged = stream.clone();
				damaged[at] ^= (byte) flip;
				List<EventStreamMessage> read = new ArrayList<>();
				FramingException failure = feedAll(new EventStreamDecoder(BOUND), damaged, 1 + at % 40, read);
				assertThat(failure).as("byte %s", at).isNotNull();
				assertThat(failure.code()).isEqualTo(FramingException.Code.BAD_CHECKSUM);
				assertThat(read).isEqualTo(expected.subList(0, read.size()));
			}
		}
	}

	@Test
	void noMissingByteIsEverOverlooked() {
		List<EventStreamMessage> expected = converse().subList(0, 2);
		byte[] stream = encode(expected);
		for (int at = 0; at < stream.length; at++) {
			byte[] damaged = new byte[stream.length - 1];
			System.arraycopy(stream, 0, damaged, 0, at);
			System.arraycopy(stream, at + 1, damaged, at, damaged.length - at);
			List<EventStreamMessage> read = new ArrayList<>();
			EventStreamDecoder decoder = new EventStreamDecoder(BOUND);
			FramingException failure = feedAll(decoder, damaged, 7, read);
			assertThat(failure != null || decoder.hasPartial()).as("byte %s", at).isTrue();
			assertThat(read).isEqualTo(expected.subList(0, read.size())).hasSizeLessThan(2);
		}
	}

	@Test
	void aFailureIsFinal() {
		byte[] damaged = encode(converse());
		damaged[3]++;
		assertFailure(damaged, FramingException.Code.BAD_CHECKSUM);
		assertThat(this.decoder.retainedBytes()).isZero();
		assertFailure(encode(converse()), FramingException.Code.BAD_CHECKSUM);
		assertThat(this.messages).isEmpty();
	}

	@Test
	void passesAMessageOfExactlyTheBound() {
		byte[] payload = new byte[BOUND - 16];
		feed(EventStreamEncoder.encode(new EventStreamMessage(Map.of(), payload)));
		assertThat(this.messages).hasSize(1);
		byte[] larger = EventStreamEncoder.encode(new EventStreamMessage(Map.of(), new byte[BOUND - 15]));
		byte[] prelude = ByteBuffer.allocate(12).put(larger, 0, 12).array();
		assertFailure(prelude, FramingException.Code.TOO_LARGE);
	}

	@ParameterizedTest
	@CsvSource({ "0, 0, BAD_LENGTH", "15, 0, BAD_LENGTH", "16, 1, BAD_LENGTH", "100, 85, BAD_LENGTH",
			"100, -1, TOO_LARGE", "-1, 0, TOO_LARGE", "-2147483648, 0, TOO_LARGE", "65537, 0, TOO_LARGE",
			"65536, 131073, TOO_LARGE", "65536, 131072, BAD_LENGTH" })
	void refusesLengthsOutOfRangeAtThePrelude(int total, int headers, FramingException.Code code) {
		assertFailure(prelude(total, headers), code);
	}

	@Test
	void memoryGrowsWithWhatArrivedAndNotWithWhatIsClaimed() {
		EventStreamDecoder large = new EventStreamDecoder(EventStreamDecoder.MAX_MESSAGE_BYTES);
		feedAll(large, prelude(EventStreamDecoder.MAX_MESSAGE_BYTES, 0), 12, this.messages);
		assertThat(large.retainedBytes()).isLessThanOrEqualTo(512);
		feedAll(large, new byte[10_000], 1000, this.messages);
		assertThat(large.retainedBytes()).isLessThanOrEqualTo(2 * 10_012);
	}

	@Test
	void aLargeMessageDoesNotKeepItsMemory() {
		byte[] stream = EventStreamEncoder.encode(new EventStreamMessage(Map.of(), new byte[50_000]));
		feedAll(this.decoder, stream, 1460, this.messages);
		assertThat(this.messages).hasSize(1);
		assertThat(this.decoder.retainedBytes()).isLessThanOrEqualTo(4096);
	}

	@ParameterizedTest
	@ValueSource(strings = { "00 00", "01", "01 61", "01 61 0a", "01 61 ff", "01 61 02", "01 61 03 00",
			"01 61 04 000000", "01 61 05 00000000000000", "01 61 06 00", "01 61 06 0001", "01 61 06 ffff 00",
			"01 61 07 00", "01 61 07 0002 61", "01 61 07 ffff 00", "01 61 08 00000000000000",
			"01 61 09 000000000000000000000000000000", "ff 61", "05 61 00", "01 61 00 01 61 00", "01 61 00 01 61 01",
			"01 61 00 00", "01 ff 00", "01 61 07 0001 c0", "01 61 07 0002 c0af" })
	void refusesMalformedHeaders(String hex) {
		byte[] headers = HexFormat.of().parseHex(hex.replace(" ", ""));
		assertFailure(message(headers, new byte[3]), FramingException.Code.BAD_HEADER);
	}

	@Test
	void acceptsValuesLongerThanItWouldWrite() {
		byte[] headers = ByteBuffer.allocate(5 + 0xFFFF)
			.put(new byte[] { 1, 'a', 6, (byte) 0xFF, (byte) 0xFF })
			.array();
		EventStreamDecoder large = new EventStreamDecoder(EventStreamDecoder.MAX_MESSAGE_BYTES);
		feedAll(large, message(headers, new byte[0]), 1000, this.messages);
		assertThat(this.messages).singleElement()
			.satisfies((message) -> assertThat((byte[]) message.headers().get("a")).hasSize(0xFFFF));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void randomBytesOnlyEverFailTheFraming(long seed) {
		Random random = new Random(seed);
		for (int round = 0; round < 10_000; round++) {
			byte[] stream = randomStream(random);
			EventStreamDecoder decoder = new EventStreamDecoder(512);
			feedAll(decoder, stream, 1 + random.nextInt(40), this.messages);
			assertThat(decoder.retainedBytes()).isLessThanOrEqualTo(2 * 512);
			this.messages.clear();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 15, 0, -1, EventStreamDecoder.MAX_MESSAGE_BYTES + 1, Integer.MAX_VALUE })
	void refusesABoundOutOfRange(int bound) {
		assertThatIllegalArgumentException().isThrownBy(() -> new EventStreamDecoder(bound));
	}

	@Test
	void refusesARangeOutsideOfTheArray() {
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> this.decoder.feed(new byte[4], 2, 3, this.messages::add));
	}

	@Test
	void readsFromPositionToLimit() {
		byte[] message = encode(converse().subList(0, 1));
		ByteBuffer buffer = ByteBuffer.allocate(message.length + 7).position(2).slice();
		buffer.position(3).put(message).flip().position(3);
		this.decoder.feed(buffer, this.messages::add);
		assertThat(buffer.hasRemaining()).isFalse();
		assertThat(this.messages).isEqualTo(converse().subList(0, 1));
	}

	private void feed(byte[] stream) {
		this.decoder.feed(stream, 0, stream.length, this.messages::add);
	}

	private void assertFailure(byte[] stream, FramingException.Code code) {
		assertThatExceptionOfType(FramingException.class).isThrownBy(() -> feed(stream)).satisfies((ex) -> {
			assertThat(ex.code()).isEqualTo(code);
			assertThat(ex.getStackTrace()).isEmpty();
		});
		assertThat(this.decoder.retainedBytes()).isZero();
	}

	private static @Nullable FramingException feedAll(EventStreamDecoder decoder, byte[] stream, int chunk,
			List<EventStreamMessage> messages) {
		try {
			for (int at = 0; at < stream.length; at += chunk) {
				decoder.feed(stream, at, Math.min(chunk, stream.length - at), messages::add);
			}
			return null;
		}
		catch (FramingException ex) {
			return ex;
		}
	}

	private static boolean isBoundary(List<EventStreamMessage> messages, int at) {
		int end = 0;
		for (EventStreamMessage message : messages) {
			end += EventStreamEncoder.encode(message).length;
			if (end == at) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Half noise, half well-formed messages with noise for headers, so that all is
	 * reached.
	 */
	private static byte[] randomStream(Random random) {
		byte[] noise = new byte[random.nextInt(100)];
		random.nextBytes(noise);
		if (random.nextBoolean()) {
			return noise;
		}
		for (int i = 0; i < noise.length; i++) {
			noise[i] &= (byte) ((random.nextInt(3) > 0) ? 0x07 : 0xFF);
		}
		return message(noise, new byte[random.nextInt(20)]);
	}

	private static byte[] prelude(int total, int headers) {
		ByteBuffer prelude = ByteBuffer.allocate(12).putInt(total).putInt(headers);
		return prelude.putInt(checksum(prelude)).array();
	}

	private static byte[] message(byte[] headers, byte[] payload) {
		int total = 16 + headers.length + payload.length;
		ByteBuffer message = ByteBuffer.allocate(total).put(prelude(total, headers.length)).put(headers).put(payload);
		return message.putInt(checksum(message)).array();
	}

	private static int checksum(ByteBuffer written) {
		CRC32 crc = new CRC32();
		crc.update(written.array(), 0, written.position());
		return (int) crc.getValue();
	}

	private static List<EventStreamMessage> converse() {
		return List.of(event("messageStart", "{\"p\":\"abcdef\",\"role\":\"assistant\"}"),
				event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"Grüße\"},\"p\":\"ab\"}"),
				event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\" 東京\"},\"p\":\"abc\"}"),
				event("contentBlockStop", "{\"contentBlockIndex\":0,\"p\":\"abcdefghij\"}"),
				event("messageStop", "{\"p\":\"ab\",\"stopReason\":\"end_turn\"}"), event("metadata",
						"{\"metrics\":{\"latencyMs\":421},\"usage\":{\"inputTokens\":9,\"outputTokens\":4}}"));
	}

	private static EventStreamMessage event(String type, String json) {
		return new EventStreamMessage(
				Map.of(":event-type", type, ":content-type", "application/json", ":message-type", "event"), utf8(json));
	}

	private static byte[] encode(List<EventStreamMessage> messages) {
		ByteArrayOutputStream stream = new ByteArrayOutputStream();
		messages.forEach((message) -> stream.writeBytes(EventStreamEncoder.encode(message)));
		return stream.toByteArray();
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
