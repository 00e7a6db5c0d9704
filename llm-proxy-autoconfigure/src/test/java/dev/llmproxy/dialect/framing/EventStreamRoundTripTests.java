package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What is written is read again, by us and by Amazon's own implementation. */
class EventStreamRoundTripTests {

	@Test
	void everyTypeOfHeaderComesBack() {
		EventStreamMessage message = everyType();
		EventStreamMessage read = read(EventStreamEncoder.encode(message));
		assertThat(read).isEqualTo(message).hasSameHashCodeAs(message);
		assertThat(read.headers()).containsEntry("byte", (byte) -2)
			.containsEntry("short", (short) -300)
			.containsEntry("int", -70_000)
			.containsEntry("long", Long.MIN_VALUE);
		assertThat(read.headers().keySet()).containsExactlyElementsOf(message.headers().keySet());
	}

	@Test
	void amazonReadsWhatWeWrite() {
		EventStreamMessage message = everyType();
		Message read = Message.decode(ByteBuffer.wrap(EventStreamEncoder.encode(message)));
		assertThat(read.getHeaders()).isEqualTo(toAmazon(message.headers()));
		assertThat(read.getPayload()).isEqualTo(message.payload());
	}

	@Test
	void weReadWhatAmazonWrites() {
		EventStreamMessage message = everyType();
		// Its encoder (1.0.1) writes the types of these two but not their values.
		message.headers().remove("byte");
		message.headers().remove("short");
		Map<String, HeaderValue> headers = toAmazon(everyType().headers());
		headers.keySet().retainAll(message.headers().keySet());
		ByteBuffer written = new Message(headers, message.payload()).toByteBuffer();
		byte[] bytes = new byte[written.remaining()];
		written.get(bytes);
		assertThat(read(bytes)).isEqualTo(message);
	}

	@Test
	void theLongestNamesAndValuesComeBack() {
		EventStreamMessage message = new EventStreamMessage(
				Map.of("n".repeat(255), "é".repeat(16_383), "b", new byte[32_767], "e", ""), new byte[0]);
		assertThat(read(EventStreamEncoder.encode(message))).isEqualTo(message);
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatTheFormatDoesNotHave(Map<String, Object> headers) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> EventStreamEncoder.encode(new EventStreamMessage(headers, new byte[0])));
	}

	static List<Map<String, Object>> refusesWhatTheFormatDoesNotHave() {
		Map<String, Object> large = new LinkedHashMap<>();
		for (int i = 0; i < 5; i++) {
			large.put("h" + i, new byte[30_000]);
		}
		return List.of(Map.of("", 1), Map.of("n".repeat(256), 1), Map.of("é".repeat(128), 1),
				Map.of("s", "x".repeat(32_768)), Map.of("b", new byte[32_768]), Map.of("d", 1.5), large);
	}

	@Test
	void refusesAPayloadAboveTheSpecification() {
		EventStreamMessage largest = new EventStreamMessage(Map.of(), new byte[24 * 1024 * 1024]);
		byte[] encoded = EventStreamEncoder.encode(largest);
		assertThat(encoded).hasSizeLessThanOrEqualTo(EventStreamDecoder.MAX_MESSAGE_BYTES);
		assertThat(read(encoded).payload()).hasSize(24 * 1024 * 1024);
		assertThatIllegalArgumentException().isThrownBy(
				() -> EventStreamEncoder.encode(new EventStreamMessage(Map.of(), new byte[24 * 1024 * 1024 + 1])));
	}

	@Test
	void messagesAreComparedByContentAndDoNotShowIt() {
		assertThat(everyType()).isEqualTo(everyType());
		assertThat(new EventStreamMessage(Map.of("a", 1), new byte[0]))
			.isNotEqualTo(new EventStreamMessage(Map.of("a", 1L), new byte[0]))
			.isNotEqualTo(new EventStreamMessage(Map.of("b", 1), new byte[0]))
			.isNotEqualTo(new EventStreamMessage(Map.of("a", 1, "b", 2), new byte[0]))
			.isNotEqualTo(new EventStreamMessage(Map.of("a", 1), new byte[1]))
			.hasToString("EventStreamMessage[messageType=null, eventType=null, exceptionType=null, 0 bytes]");
	}

	/** Returns a message that has a header of each of the ten types. */
	static EventStreamMessage everyType() {
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put("true", true);
		headers.put("false", false);
		headers.put("byte", (byte) -2);
		headers.put("short", (short) -300);
		headers.put("int", -70_000);
		headers.put("long", Long.MIN_VALUE);
		headers.put("bytes", new byte[] { 0, -1, 1 });
		headers.put("string é", "東京 👩‍🚀");
		headers.put("timestamp", Instant.ofEpochMilli(1_741_570_283_123L));
		headers.put("uuid", UUID.fromString("01020304-0506-0708-890a-0b0c0d0e0f10"));
		return new EventStreamMessage(headers, new byte[] { '{', '}' });
	}

	private static Map<String, HeaderValue> toAmazon(Map<String, Object> headers) {
		Map<String, HeaderValue> values = new LinkedHashMap<>();
		values.put("true", HeaderValue.fromBoolean((boolean) headers.get("true")));
		values.put("false", HeaderValue.fromBoolean((boolean) headers.get("false")));
		values.put("byte", HeaderValue.fromByte((byte) headers.get("byte")));
		values.put("short", HeaderValue.fromShort((short) headers.get("short")));
		values.put("int", HeaderValue.fromInteger((int) headers.get("int")));
		values.put("long", HeaderValue.fromLong((long) headers.get("long")));
		values.put("bytes", HeaderValue.fromByteArray((byte[]) headers.get("bytes")));
		values.put("string é", HeaderValue.fromString((String) headers.get("string é")));
		values.put("timestamp", HeaderValue.fromTimestamp((Instant) headers.get("timestamp")));
		values.put("uuid", HeaderValue.fromUuid((UUID) headers.get("uuid")));
		return values;
	}

	private static EventStreamMessage read(byte[] bytes) {
		List<EventStreamMessage> messages = new ArrayList<>();
		EventStreamDecoder decoder = new EventStreamDecoder(EventStreamDecoder.MAX_MESSAGE_BYTES);
		decoder.feed(bytes, 0, bytes.length, messages::add);
		assertThat(decoder.end()).isFalse();
		return messages.get(0);
	}

}
