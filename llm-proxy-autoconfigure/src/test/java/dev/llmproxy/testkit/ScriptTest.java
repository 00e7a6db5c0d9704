package dev.llmproxy.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ScriptTest {

	private static String wire(Script script) {
		return writes(script).stream().collect(Collectors.joining());
	}

	private static List<String> writes(Script script) {
		return script.steps()
			.stream()
			.filter(Step.Write.class::isInstance)
			.map((step) -> new String(((Step.Write) step).bytes(), StandardCharsets.UTF_8))
			.toList();
	}

	@Test
	void writesABodyWithItsLengthInBytes() {
		assertThat(wire(Script.json(200, "\"é\"")))
			.isEqualTo("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\n\"é\"");
	}

	@Test
	void keepsALengthTheScriptHasSet() {
		Script lying = Script.script().status(200).header("content-length", "99").body("four").fin();
		assertThat(wire(lying)).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nfour");
	}

	@Test
	void writesAnEmptyBodyAndNoBody() {
		assertThat(wire(Script.script().status(200).body(""))).endsWith("Content-Length: 0\r\n\r\n");
		assertThat(wire(Script.script().status(204, "").noBody())).isEqualTo("HTTP/1.1 204 \r\n\r\n");
	}

	@Test
	void writesEachEventAsAChunk() {
		assertThat(writes(Script.sse(List.of("{}", "event: ping\ndata: 1", ": hello"))).subList(1, 5)).containsExactly(
				"a\r\ndata: {}\n\n\r\n", "15\r\nevent: ping\ndata: 1\n\n\r\n", "9\r\n: hello\n\n\r\n", "0\r\n\r\n");
	}

	@Test
	void splitsOnlyTheNextWriteAndKeepsItsBytes() {
		Script script = Script.script().status(200).chunked().splitAt(1, 3).chunk("abcd").chunk("ef").endChunked();
		assertThat(writes(script).subList(1, 6)).containsExactly("4\r\na", "bc", "d\r\n", "2\r\nef\r\n", "0\r\n\r\n");
		assertThatIllegalArgumentException().isThrownBy(() -> Script.script().status(200).splitAt(5).body("four"));
	}

	@Test
	void dripsAsChunksOrAsBytes() {
		byte[] bytes = "abc".getBytes(StandardCharsets.US_ASCII);
		Script chunks = Script.script().status(200).chunked().drip(bytes, 2, Duration.ZERO).endChunked();
		assertThat(writes(chunks).subList(1, 4)).containsExactly("2\r\nab\r\n", "1\r\nc\r\n", "0\r\n\r\n");
		Script sized = Script.script().status(200).contentLength(3).drip(bytes, 1, Duration.ZERO);
		assertThat(writes(sized).subList(1, 4)).containsExactly("a", "b", "c");
		assertThat(writes(Script.script().drip(bytes, 2, Duration.ZERO))).containsExactly("ab", "c");
	}

	@Test
	void isImmutable() {
		Script head = Script.sseHead();
		Script one = head.event("1").endChunked();
		Script two = head.event("2").endChunked();
		assertThat(wire(one)).contains("data: 1").doesNotContain("data: 2");
		assertThat(wire(two)).contains("data: 2").doesNotContain("data: 1");
	}

	@Test
	void refusesToEndInTheMiddleOfAMessage() {
		for (Script unfinished : List.of(Script.script(), Script.script().status(200), Script.sseHead(),
				Script.script().status(200).contentLength(2).write("a"))) {
			assertThatIllegalStateException().isThrownBy(unfinished::steps);
		}
		assertThat(Script.sseHead().stall().steps()).isNotEmpty();
		assertThat(Script.sseHead().rawBytes("5\r\nab").steps()).isNotEmpty();
	}

	@Test
	void refusesStepsThatMakeNoSenseWhereTheyStand() {
		assertThatIllegalStateException().isThrownBy(() -> Script.script().chunk("a"));
		assertThatIllegalStateException().isThrownBy(() -> Script.script().status(200).rawBytes("a"));
		assertThatIllegalStateException().isThrownBy(() -> Script.json(200, "{}").fin().rawBytes("a"));
		assertThatIllegalStateException().isThrownBy(() -> Script.script().status(200).contentLength(1).write("ab"));
		assertThatIllegalArgumentException().isThrownBy(() -> Script.sseHead().chunk(""));
	}

	@Test
	void endsTheConnectionWhereTheHeadSaysSo() {
		Step.End end = new Step.End(Step.Ending.END_OF_OUTPUT);
		assertThat(Script.script().status(200).closeDelimited().write("a").steps()).endsWith(end);
		assertThat(Script.script().status(400).header("Connection", "close").body("a").steps()).endsWith(end);
		assertThat(Script.json(200, "{}").steps()).doesNotContain(end);
	}

	@Test
	void appendsScripts() {
		Script script = Script.script()
			.rawBytes("HTTP/1.1 103 Early Hints\r\n\r\n")
			.then(Script.script().status(200).chunked())
			.chunk("a")
			.endChunked();
		assertThat(wire(script)).startsWith("HTTP/1.1 103").endsWith("1\r\na\r\n0\r\n\r\n");
	}

}
