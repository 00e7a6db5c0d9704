package dev.llmproxy.dialect.framing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SseWriterTests {

	@Test
	void writesDataAlone() {
		assertThat(SseWriter.data(bytes("{\"a\":\"é\"}"))).asString(StandardCharsets.UTF_8)
			.isEqualTo("data: {\"a\":\"é\"}\n\n");
		assertThat(SseWriter.data(new byte[0])).asString().isEqualTo("data: \n\n");
	}

	@Test
	void writesANamedEvent() {
		assertThat(SseWriter.event("message_stop", bytes("{}"))).asString()
			.isEqualTo("event: message_stop\ndata: {}\n\n");
		assertThat(SseWriter.event("é", bytes("a\nb"))).asString(StandardCharsets.UTF_8)
			.isEqualTo("event: é\ndata: a\ndata: b\n\n");
	}

	@Test
	void writesComments() {
		assertThat(SseWriter.comment("ping")).asString().isEqualTo(": ping\n\n");
		assertThat(SseWriter.comment("a\n\ndata: b")).asString().isEqualTo(": a\n: \n: data: b\n\n");
	}

	@Test
	void writesDone() {
		assertThat(SseWriter.done()).asString().isEqualTo("data: [DONE]\n\n");
		assertThat(read(SseWriter.done())).singleElement().satisfies((event) -> assertThat(event.isDone()).isTrue());
	}

	@Test
	void doneCannotBeSpoiledForOthers() {
		SseWriter.done()[0] = 'x';
		assertThat(SseWriter.done()).asString().startsWith("data:");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb", "a\rb", "a\r\nb", "\n", "\r\n\r\n", "a\n", "\nevent: evil\ndata: x\n\ndata: y\r\r",
			"a\r\r\nb\n\rc", "a line longer than a word\nand another one" })
	void lineBreaksInDataStayInTheEvent(String data) {
		String expected = data.replace("\r\n", "\n").replace('\r', '\n');
		assertThat(read(SseWriter.data(bytes(data)))).containsExactly(new SseEvent(null, null, bytes(expected)));
		assertThat(read(SseWriter.event("e", bytes(data)))).containsExactly(new SseEvent("e", null, bytes(expected)));
		assertThat(read(SseWriter.comment(data))).isEmpty();
	}

	@Test
	void whatIsWrittenIsReadAgain() {
		Random random = new Random(1);
		for (int round = 0; round < 5_000; round++) {
			StringBuilder data = new StringBuilder();
			for (int i = random.nextInt(30); i > 0; i--) {
				data.append(" :ax\u00E9\u6771\n".charAt(random.nextInt(7)));
			}
			byte[] frame = SseWriter.event("n", bytes(data.toString()));
			assertThat(read(frame)).containsExactly(new SseEvent("n", null, bytes(data.toString())));
			assertThat(SseFrames.nextFrameEnd(frame, 0, frame.length, false)).isEqualTo(frame.length);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a\nb", "a\rb", "\n", "x\r\ndata: evil" })
	void refusesNamesThatWouldBreakTheLine(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> SseWriter.event(name, bytes("{}")))
			.withMessageNotContaining("evil");
	}

	private static List<SseEvent> read(byte[] frame) {
		List<SseEvent> events = new ArrayList<>();
		SseDecoder decoder = new SseDecoder(4096);
		decoder.feed(frame, 0, frame.length, events::add);
		assertThat(decoder.end()).isFalse();
		return events;
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
