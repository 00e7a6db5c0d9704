package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SseDecoderTests {

	private final SseDecoder decoder = new SseDecoder(1024);

	private final List<SseEvent> events = new ArrayList<>();

	@Test
	void readsEventNameIdAndData() {
		feed("event: add\nid: 73857293\ndata: {}\n\n");
		assertThat(this.events).containsExactly(event("add", "73857293", "{}"));
	}

	@Test
	void joinsDataLinesWithLineFeeds() {
		feed("data: YHOO\ndata: +2\ndata: 10\n\n");
		assertThat(texts()).containsExactly("YHOO\n+2\n10");
	}

	@Test
	void removesOneSpaceAfterTheColonOnly() {
		feed("data:test\n\ndata: test\n\ndata:  test\n\ndata:\ttest\n\ndata: a: b\n\n");
		assertThat(texts()).containsExactly("test", "test", " test", "\ttest", "a: b");
	}

	@Test
	void takesALineWithoutColonForAnEmptyField() {
		feed("data\n\ndata\ndata\n\ndata:");
		assertThat(texts()).containsExactly("", "\n");
		assertThat(this.decoder.hasPartial()).isTrue();
	}

	@Test
	void doesNotHandOverAnEventWithoutData() {
		feed("event: ping\nid: 1\n\n\n\n");
		assertThat(this.events).isEmpty();
		assertThat(this.decoder.hasPartial()).isFalse();
		feed("data: x\n\n");
		assertThat(this.events).containsExactly(event(null, "1", "x"));
	}

	@Test
	void keepsAnIdUntilItChangesOrIsReset() {
		feed(": test stream\n\ndata: first event\nid: 1\n\ndata: second event\n\ndata: third\nid\n\ndata:  fourth\n\n");
		assertThat(this.events).containsExactly(event(null, "1", "first event"), event(null, "1", "second event"),
				event(null, null, "third"), event(null, null, " fourth"));
	}

	@Test
	void ignoresAnIdWithNul() {
		feed("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n");
		assertThat(this.events).extracting(SseEvent::id).containsExactly("1", "1");
	}

	@Test
	void forgetsTheNameAfterEachEvent() {
		feed("event: a\ndata: 1\n\ndata: 2\n\nevent: b\nevent:\ndata: 3\n\nevent: b\ndata: 4\n\n");
		assertThat(this.events).extracting(SseEvent::event).containsExactly("a", null, null, "b");
	}

	@Test
	void convertsARepeatedNameOnce() {
		feed("event: délta\ndata: 1\n\nevent: délta\ndata: 2\n\nevent: délt\ndata: 3\n\n");
		assertThat(this.events).extracting(SseEvent::event).containsExactly("délta", "délta", "délt");
		assertThat(this.events.get(1).event()).isSameAs(this.events.get(0).event());
	}

	@Test
	void readsTheReconnectionTime() {
		assertThat(this.decoder.retryMillis()).isEqualTo(-1);
		feed("retry: 3000\n");
		assertThat(this.decoder.retryMillis()).isEqualTo(3000);
		feed("retry: 1s\nretry:\nretry: -1\nretry\n");
		assertThat(this.decoder.retryMillis()).isEqualTo(3000);
		feed("retry: 99999999999999999999999999\n");
		assertThat(this.decoder.retryMillis()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void handsOverTheBytesAsTheyCame() {
		this.decoder.feed(new byte[] { 'd', 'a', 't', 'a', ':', (byte) 0xC0, (byte) 0xAF, 0, '\n', '\n' }, 0, 10,
				this.events::add);
		assertThat(this.events).singleElement().satisfies((event) -> {
			assertThat(event.data()).containsExactly(0xC0, 0xAF, 0);
			assertThat(event.text()).isEqualTo("\uFFFD\uFFFD\0");
		});
	}

	@Test
	void fault11_truncationInsideAnEventIsNotAnEvent() {
		feed("data: {\"a\":1}\n\ndata: {\"b\":2}\n");
		assertThat(texts()).containsExactly("{\"a\":1}");
		assertThat(this.decoder.end()).isTrue();
		assertThat(this.decoder.hasPartial()).isTrue();
		assertThat(texts()).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "d", "data: {\"choi", "data: x\r", "data: x\r\n", "event: x\n", "id: 5\n", "retry: 5\n",
			"unknown\n", "data: x\n: comment\n", "data: x\n: comm" })
	void fault12_anyUnfinishedFieldIsReportedAtTheEnd(String tail) {
		feed("data: {\"a\":1}\n\n" + tail);
		assertThat(this.decoder.hasPartial()).isTrue();
		assertThat(this.decoder.end()).isTrue();
		assertThat(texts()).containsExactly("{\"a\":1}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "\r", ": ping\n", ": pi", ":", ": ping\n\n\r\n" })
	void commentsAndBlankLinesAtTheEndAreNotAnEvent(String tail) {
		feed("data: x\n\n" + tail);
		assertThat(this.decoder.hasPartial()).isFalse();
		assertThat(this.decoder.end()).isFalse();
		assertThat(this.decoder.hasPartial()).isFalse();
	}

	@Test
	void fault15_ignoresUnknownFieldsCommentsAndByteOrderMark() {
		feed("\uFEFF: OPENROUTER PROCESSING\n\n:\n\nfoo: 1\ndata-x: 2\nDATA: 3\n data: 4\ndata : 5\ndata: 6\n: c\n\n");
		assertThat(texts()).containsExactly("6");
		assertThat(this.decoder.comments()).isEqualTo(3);
	}

	@Test
	void takesOnlyALeadingMarkForAByteOrderMark() {
		feed("\uFEFF\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: \uFEFFc\n\n");
		assertThat(texts()).containsExactly("\uFEFFc");
	}

	@Test
	void keepsWhatOnlyBeganLikeAByteOrderMark() {
		this.decoder.feed(new byte[] { (byte) 0xEF }, 0, 1, this.events::add);
		assertThat(this.decoder.hasPartial()).isTrue();
		this.decoder.feed(new byte[] { (byte) 0xBB }, 0, 1, this.events::add);
		feed("data: a\n\ndata: b\n\n");
		assertThat(texts()).containsExactly("b");
	}

	@Test
	void fault16_crOnlyLineEnds() {
		feed("event: a\rdata: 1\r\rdata: 2\rdata: 3\r\r");
		assertThat(this.events).containsExactly(event("a", null, "1"), event(null, null, "2\n3"));
	}

	@Test
	void fault17_crLfSplitAcrossChunks() {
		feed("data: 1\r");
		feed("\ndata: 2\r");
		feed("\n\r");
		assertThat(texts()).as("complete with the blank line's first byte").containsExactly("1\n2");
		feed("\n");
		feed("data: 3\r\n\r\n");
		assertThat(texts()).containsExactly("1\n2", "3");
		assertThat(this.decoder.hasPartial()).isFalse();
	}

	@Test
	void fault18_largeEventPassesUpToTheBound() {
		String large = "\u00E9".repeat(150 * 1024);
		byte[] stream = ("event: big\ndata: " + large + "\n\ndata: small\n\n").getBytes(StandardCharsets.UTF_8);
		int size = "event: bigdata: ".length() + 300 * 1024;
		SseDecoder enough = new SseDecoder(size);
		feedInChunks(enough, stream, 1460, this.events::add);
		assertThat(this.events).containsExactly(event("big", null, large), event(null, null, "small"));
		assertThat(enough.retainedBytes()).as("kept after a large event").isLessThanOrEqualTo(4096);
		this.events.clear();
		assertTooLarge(() -> feedInChunks(new SseDecoder(size - 1), stream, 1460, this.events::add));
		assertTooLarge(() -> new SseDecoder(size - 1).feed(stream, 0, stream.length, this.events::add));
		assertThat(this.events).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", ":", "data: ", "event: x\ndata: " })
	void fault19_endlessLineIsAbortedAtTheBound(String start) {
		feed(start);
		byte[] more = "x".repeat(100).getBytes(StandardCharsets.US_ASCII);
		assertTooLarge(() -> {
			for (int i = 0; i < 12; i++) {
				this.decoder.feed(more, 0, more.length, this.events::add);
				assertThat(this.decoder.retainedBytes()).isLessThanOrEqualTo(2 * 1024);
			}
		});
		assertThat(this.decoder.retainedBytes()).isZero();
		assertTooLarge(() -> feed("\n\ndata: x\n\n"));
		assertThat(this.events).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: x\n", "data\n", "x\n", "event: x\n", "id: x\n" })
	void fault19_endlessFieldsAreAbortedAtTheBound(String field) {
		assertTooLarge(() -> {
			for (int i = 0; i < 1025; i++) {
				feed(field);
				assertThat(this.decoder.retainedBytes()).isLessThanOrEqualTo(2 * 1024);
			}
		});
	}

	@Test
	void endlessCommentsNeitherAddUpNorLookLikeProgress() {
		for (int i = 0; i < 10_000; i++) {
			feed(": keep-alive\n");
		}
		assertThat(this.decoder.comments()).isEqualTo(10_000);
		assertThat(this.decoder.retainedBytes()).isZero();
		assertThat(this.decoder.hasPartial()).isFalse();
		feed("data: x\n\n");
		assertThat(texts()).containsExactly("x");
	}

	@Test
	void theBoundHoldsForEachEventByItself() {
		String event = "data: " + "x".repeat(1024 - 6);
		for (String lineEnd : List.of("\n", "\r\n", "\r")) {
			feed((event + lineEnd + lineEnd).repeat(3));
		}
		assertThat(this.events).hasSize(9);
		feed(event);
		assertTooLarge(() -> feed("x"));
	}

	@Test
	void theBoundHoldsForAWholeCommentToo() {
		feed(":" + "x".repeat(1023) + "\n");
		assertTooLarge(() -> feed(":" + "x".repeat(1024) + "\n"));
	}

	@Test
	void theFailureCarriesNoStackTraceAndNoContent() {
		assertThatExceptionOfType(FramingException.class).isThrownBy(() -> feed("secret".repeat(200)))
			.withMessage("An event is larger than 1024 bytes")
			.satisfies((ex) -> assertThat(ex.getStackTrace()).isEmpty())
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(FramingException.Code.TOO_LARGE));
	}

	@Test
	void fault57_utf8SplitPerByte() {
		byte[] stream = "event: é\ndata: Grüße 東京 👩‍🚀\n\n".getBytes(StandardCharsets.UTF_8);
		feedInChunks(this.decoder, stream, 1, this.events::add);
		assertThat(this.events).containsExactly(event("é", null, "Grüße 東京 👩‍🚀"));
	}

	@Test
	void readsBuffersOfEveryKindFromPositionToLimit() {
		byte[] stream = "xxdata: a\n\ndata: b\n\nxx".getBytes(StandardCharsets.US_ASCII);
		ByteBuffer direct = ByteBuffer.allocateDirect(stream.length).put(stream);
		ByteBuffer sliced = ByteBuffer.wrap(stream).slice(1, stream.length - 2).position(1);
		for (ByteBuffer buffer : List.of(ByteBuffer.wrap(stream), direct, ByteBuffer.wrap(stream).asReadOnlyBuffer())) {
			this.decoder.feed(buffer.limit(stream.length - 2).position(2), this.events::add);
			assertThat(buffer.hasRemaining()).isFalse();
		}
		this.decoder.feed(sliced.limit(sliced.capacity() - 1), this.events::add);
		assertThat(texts()).containsExactly("a", "b", "a", "b", "a", "b", "a", "b");
		assertThat(this.decoder.end()).isFalse();
	}

	@Test
	void doesNotShareTheChunkWithItsEvents() {
		byte[] stream = "data: a\n\n".getBytes(StandardCharsets.US_ASCII);
		this.decoder.feed(stream, 0, stream.length, this.events::add);
		stream[6] = 'b';
		assertThat(texts()).containsExactly("a");
	}

	@Test
	void refusesBytesAfterTheEnd() {
		this.decoder.end();
		assertThatIllegalStateException().isThrownBy(() -> feed("data: x\n\n"));
	}

	@Test
	void refusesARangeOutsideOfTheArray() {
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> this.decoder.feed(new byte[4], 2, 3, this.events::add));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, Integer.MIN_VALUE })
	void refusesABoundThatIsNotPositive(int bound) {
		assertThatIllegalArgumentException().isThrownBy(() -> new SseDecoder(bound));
	}

	@Test
	void toleratesTheLargestBound() {
		byte[] stream = ("data: " + "x".repeat(100_000) + "\ndata\n\n").getBytes(StandardCharsets.US_ASCII);
		feedInChunks(new SseDecoder(Integer.MAX_VALUE), stream, 1000, this.events::add);
		assertThat(this.events).singleElement().satisfies((event) -> assertThat(event.data()).hasSize(100_001));
	}

	private void feed(String text) {
		byte[] chunk = text.getBytes(StandardCharsets.UTF_8);
		this.decoder.feed(chunk, 0, chunk.length, this.events::add);
	}

	private List<String> texts() {
		return this.events.stream().map(SseEvent::text).toList();
	}

	private static void feedInChunks(SseDecoder decoder, byte[] stream, int size, Consumer<SseEvent> sink) {
		for (int at = 0; at < stream.length; at += size) {
			decoder.feed(stream, at, Math.min(size, stream.length - at), sink);
		}
	}

	private static SseEvent event(String name, String id, String data) {
		return new SseEvent(name, id, data.getBytes(StandardCharsets.UTF_8));
	}

	private static void assertTooLarge(ThrowingCallable call) {
		assertThatExceptionOfType(FramingException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(FramingException.Code.TOO_LARGE));
	}

}
