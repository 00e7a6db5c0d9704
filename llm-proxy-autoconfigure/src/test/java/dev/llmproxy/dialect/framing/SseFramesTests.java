package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SseFramesTests {

	@ParameterizedTest
	@CsvSource({ "a--b, 3", "a-, -1", "a, -1", "'', -1", "-a, 1", "--, 1", "a=-=-b, 5", "a=-=-, 5", "a=-=, -1",
			"a=-, -1", "a==, 3", "a==b, 3", "a==-, 4", "a==-b, 4", "a=, -1", "=, -1", "=-, 2", "=a, 1", "a-=, -1",
			"a-=-, 4", "a-=b, 3", "a=--b, 4", "a=-b=-=-, 8", "longer line-than a word--b, 25" })
	void findsTheEndOfTheFirstFrame(String picture, int end) {
		byte[] bytes = bytes(picture.replace('-', '\n').replace('=', '\r'));
		assertThat(SseFrames.nextFrameEnd(bytes, 0, bytes.length, false)).isEqualTo(end);
		assertThat(SseFrames.nextFrameEnd(direct(bytes), 0, bytes.length, false)).isEqualTo(end);
		byte[] within = bytes("\n\r\n" + new String(bytes, StandardCharsets.ISO_8859_1) + "\n\n");
		assertThat(SseFrames.nextFrameEnd(within, 3, 3 + bytes.length, false)).isEqualTo((end < 0) ? end : end + 3);
	}

	@ParameterizedTest
	@CsvSource({ "a=-=, 4", "=, 1", "a-=, 3", "a==, 3", "a=, -1", "a, -1", "a-, -1", "a=-, -1" })
	void atTheEndOfTheStreamACarriageReturnIsAWholeLineEnd(String picture, int end) {
		byte[] bytes = bytes(picture.replace('-', '\n').replace('=', '\r'));
		assertThat(SseFrames.nextFrameEnd(bytes, 0, bytes.length, true)).isEqualTo(end);
		assertThat(SseFrames.lastFrameEnd(bytes, 0, bytes.length, true)).isEqualTo(end);
	}

	@ParameterizedTest
	@MethodSource("dev.llmproxy.dialect.framing.SseTranscripts#all")
	void fromBehindItFindsTheEndOfTheLastFrame(byte[] stream) {
		ByteBuffer buffer = direct(stream);
		for (int to = 0; to <= stream.length; to++) {
			int last = lastByWalking(buffer, to);
			int found = SseFrames.lastFrameEnd(buffer, 0, to, false);
			// A last CR after a CR may be taken for a blank line of its own here.
			boolean alternative = to > 1 && stream[to - 1] == '\r' && stream[to - 2] == '\r' && found == to;
			assertThat(found).as("of %s bytes", to).isEqualTo(alternative ? to : last);
			assertThat(SseFrames.lastFrameEnd(stream, 0, to, false)).isEqualTo(found);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.llmproxy.dialect.framing.SseTranscripts#all")
	void aSearchGoesOnWhereItStopped(byte[] stream) {
		ByteBuffer buffer = direct(stream);
		int from = 0;
		int scanned = 0;
		for (int to = 0; to <= stream.length; to++) {
			int end = SseFrames.nextFrameEnd(buffer, from, to, false);
			assertThat(SseFrames.nextFrameEnd(buffer, from, scanned, to, false)).isEqualTo(end);
			assertThat(SseFrames.lastFrameEnd(buffer, from, scanned, to, false))
				.isEqualTo(SseFrames.lastFrameEnd(buffer, from, to, false));
			from = Math.max(from, end);
			scanned = Math.max(from, to);
		}
	}

	@Test
	void aFrameMayBeginWithABlankLineWhateverIsBeforeIt() {
		byte[] bytes = bytes("x\n\nx\r\nx");
		assertThat(SseFrames.nextFrameEnd(bytes, 1, 2, false)).isEqualTo(2);
		assertThat(SseFrames.lastFrameEnd(bytes, 1, 2, false)).isEqualTo(2);
		assertThat(SseFrames.nextFrameEnd(bytes, 4, 7, false)).isEqualTo(6);
		assertThat(SseFrames.lastFrameEnd(bytes, 4, 7, false)).isEqualTo(6);
	}

	@Test
	void aResumedSearchDoesNotLookAtOldBytesAgain() {
		byte[] bytes = bytes("a\n\nb");
		assertThat(SseFrames.nextFrameEnd(ByteBuffer.wrap(bytes), 0, 4, 4, false)).isEqualTo(SseFrames.INCOMPLETE);
		assertThat(SseFrames.lastFrameEnd(ByteBuffer.wrap(bytes), 0, 4, 4, false)).isEqualTo(SseFrames.INCOMPLETE);
	}

	@Test
	void fault16_crOnlyFramesAreNotHeldBack() {
		byte[] stream = bytes("data: 1\r\rdata: 2\r\r");
		assertThat(SseFrames.nextFrameEnd(stream, 0, 9, false)).isEqualTo(9);
		assertThat(SseFrames.nextFrameEnd(stream, 9, 18, false)).isEqualTo(18);
		assertThat(SseFrames.lastFrameEnd(stream, 0, 18, false)).isEqualTo(18);
	}

	@Test
	void fault17_waitsForTheSecondHalfOfACrLf() {
		byte[] stream = bytes("data: 1\r\n\r\n");
		assertThat(SseFrames.nextFrameEnd(stream, 0, 10, false)).isEqualTo(SseFrames.INCOMPLETE);
		assertThat(SseFrames.lastFrameEnd(stream, 0, 10, false)).isEqualTo(SseFrames.INCOMPLETE);
		assertThat(SseFrames.nextFrameEnd(stream, 0, 11, false)).isEqualTo(11);
		assertThat(SseFrames.lastFrameEnd(stream, 0, 11, false)).isEqualTo(11);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "data: x--|x", "data:x--|x", "data:  x--|' x'", "event: e-data: x-id: 1--|x", ": c-data: x-:--|x",
					"data: x=-=-|x", "event: e=data: x==|x", "data--|''", "data: --|''",
					"data: a longer value than one word--|a longer value than one word" })
	void findsTheDataOfAFrameWithOneDataLine(String picture, String data) {
		byte[] frame = bytes(picture.replace('-', '\n').replace('=', '\r'));
		long range = SseFrames.dataRange(frame, 0, frame.length);
		assertThat(range).isGreaterThanOrEqualTo(0).isEqualTo(SseFrames.dataRange(direct(frame), 0, frame.length));
		assertThat(text(frame, range)).isEqualTo(data);
	}

	@ParameterizedTest
	@ValueSource(strings = { ": ping\n\n", "\n", "event: ping\n\n", "id: data\n\n", "datax: 1\n\n", "dat\n\n",
			" data: 1\n\n", "Data: 1\n\n" })
	void findsNoDataInAFrameWithoutADataLine(String frame) {
		assertThat(SseFrames.dataRange(bytes(frame), 0, frame.length())).isEqualTo(SseFrames.NONE);
	}

	@Test
	void leavesFramesWithSeveralDataLinesToTheDecoder() {
		assertThat(SseFrames.dataRange(bytes("data: 1\r\ndata: 2\r\n\r\n"), 0, 20)).isEqualTo(SseFrames.SEVERAL);
		assertThat(SseFrames.dataRange(bytes("data\ndata\n\n"), 0, 11)).isEqualTo(SseFrames.SEVERAL);
	}

	@Test
	void findsTheNameOfTheEvent() {
		byte[] frame = bytes("data: {}\r\nevent: first\r\nevent:second\r\n\r\n");
		assertThat(text(frame, SseFrames.eventRange(frame, 0, frame.length))).isEqualTo("second");
		byte[] reset = bytes("event: x\nevent:\ndata: {}\n\n");
		assertThat(SseFrames.eventRange(reset, 0, reset.length)).isEqualTo(SseFrames.NONE);
		assertThat(SseFrames.eventRange(direct(reset), 9, reset.length)).isEqualTo(SseFrames.NONE);
	}

	@Test
	void rangesReachBeyondTheFirstBytes() {
		byte[] bytes = bytes("x".repeat(70_000) + "data: y\n\n");
		long range = SseFrames.dataRange(bytes, 70_000, bytes.length);
		assertThat(SseFrames.start(range)).isEqualTo(70_006);
		assertThat(SseFrames.end(range)).isEqualTo(70_007);
	}

	@ParameterizedTest
	@CsvSource({ "data: [DONE]--, true", "data:[DONE]=-=-, true", ": bye-data: [DONE]--, true",
			"data: [DONE] --, false", "data: [DONE]-data--, false", "event: [DONE]--, false", "data: [DONE--, false",
			"data: [DONE]-data: [DONE]--, false", "data: {}--, false" })
	void recognisesTheDoneEvent(String picture, boolean done) {
		byte[] frame = bytes(picture.replace('-', '\n').replace('=', '\r'));
		assertThat(SseFrames.isDone(frame, 0, frame.length)).isEqualTo(done);
		assertThat(SseFrames.isDone(direct(frame), 0, frame.length)).isEqualTo(done);
	}

	@Test
	void skipsAByteOrderMark() {
		byte[] stream = bytes("\u00EF\u00BB\u00BFdata: x\n\n");
		assertThat(SseFrames.skipBom(ByteBuffer.wrap(stream), 0, stream.length)).isEqualTo(3);
		assertThat(SseFrames.skipBom(ByteBuffer.wrap(stream), 0, 2)).isZero();
		assertThat(SseFrames.skipBom(ByteBuffer.wrap(stream), 3, stream.length)).isEqualTo(3);
		assertThat(SseFrames.skipBom(ByteBuffer.wrap(stream), 1, stream.length)).isOne();
	}

	@Test
	void findsANeedleWhereverItIs() {
		byte[] needle = bytes("\"usage\":");
		for (int length = needle.length; length < 48; length++) {
			for (int at = 0; at <= length - needle.length; at++) {
				byte[] bytes = new byte[length];
				Arrays.fill(bytes, (byte) '"');
				System.arraycopy(needle, 0, bytes, at, needle.length);
				assertThat(SseFrames.indexOf(direct(bytes), 0, length, needle)).isEqualTo(at);
				assertThat(SseFrames.contains(bytes, 0, length, needle)).isTrue();
				assertThat(SseFrames.contains(bytes, at + 1, length, needle)).isFalse();
				assertThat(SseFrames.contains(bytes, 0, at + needle.length - 1, needle)).isFalse();
			}
		}
	}

	@Test
	void findsTheSameAsAStringSearch() {
		Random random = new Random(20);
		for (int round = 0; round < 20_000; round++) {
			byte[] bytes = randomBytes(random, random.nextInt(60));
			byte[] needle = randomBytes(random, random.nextInt(4));
			int from = (bytes.length > 0) ? random.nextInt(bytes.length) : 0;
			int to = from + random.nextInt(bytes.length - from + 1);
			int expected = new String(bytes, 0, to, StandardCharsets.ISO_8859_1)
				.indexOf(new String(needle, StandardCharsets.ISO_8859_1), from);
			ByteBuffer buffer = direct(bytes).order((round % 2 == 0) ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
			assertThat(SseFrames.indexOf(buffer, from, to, needle)).isEqualTo(expected);
		}
	}

	@Test
	void neitherUsesNorMovesThePosition() {
		ByteBuffer buffer = direct(bytes("data: 1\n\ndata: 2\n\n"));
		buffer.position(5);
		assertThat(SseFrames.nextFrameEnd(buffer, 0, 18, false)).isEqualTo(9);
		assertThat(SseFrames.contains(buffer, 0, 9, bytes("data: 1"))).isTrue();
		assertThat(buffer.position()).isEqualTo(5);
	}

	@Test
	void refusesARangeOutsideOfTheBuffer() {
		ByteBuffer buffer = ByteBuffer.allocate(8).limit(4);
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> SseFrames.nextFrameEnd(buffer, 0, 5, false));
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> SseFrames.lastFrameEnd(buffer, -1, 4, false));
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> SseFrames.contains(new byte[4], 3, 2, new byte[1]));
	}

	private static int lastByWalking(ByteBuffer buffer, int to) {
		int last = SseFrames.INCOMPLETE;
		int from = 0;
		for (int end; (end = SseFrames.nextFrameEnd(buffer, from, to, false)) >= 0; from = end) {
			last = end;
		}
		return last;
	}

	private static byte[] randomBytes(Random random, int length) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) (random.nextBoolean() ? random.nextInt(3) - 1 : random.nextInt(2) + 0x7F);
		}
		return bytes;
	}

	private static String text(byte[] frame, long range) {
		return new String(frame, SseFrames.start(range), SseFrames.end(range) - SseFrames.start(range),
				StandardCharsets.ISO_8859_1);
	}

	private static ByteBuffer direct(byte[] bytes) {
		return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

}
