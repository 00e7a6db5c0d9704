package dev.llmproxy.cluster.redis;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.llmproxy.cluster.NodeMessage;
import dev.llmproxy.cluster.NodeMessage.Change;
import dev.llmproxy.cluster.NodeMessage.Opened;
import dev.llmproxy.cluster.NodeMessage.Rest;
import dev.llmproxy.cluster.OperatorAction;
import dev.llmproxy.cluster.redis.MessageFormat.Received;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class MessageFormatTest {

	private static final String REST = """
			{"v":1,"node":"n-1","type":"rest","target":"up/m","identity":"ab","millis":30000,"known":true}""";

	@Test
	void readsWhatItHasWritten() {
		Stream<NodeMessage> messages = Stream.concat(Stream.of(new Rest("up/m", "ab", Duration.ofSeconds(30), true),
				new Rest("up/ü \"m\"", "ab", Duration.ZERO, false), new Opened("up/m", "ab", Duration.ofSeconds(5))),
				Stream.of(OperatorAction.values()).map((action) -> new Change(action, "up", "ann")));
		assertThat(messages).allSatisfy((message) -> {
			String text = MessageFormat.write("n-1", message);
			assertThat(MessageFormat.read("7 " + text)).isEqualTo(new Received(7, "n-1", message));
		});
	}

	@Test
	void itsFormIsFixed() {
		assertThat(MessageFormat.write("n-1", new Rest("up/m", "ab", Duration.ofSeconds(30), true))).isEqualTo(REST);
	}

	@Test
	void whatALaterVersionAddsIsNoObstacle() {
		assertThat(MessageFormat.read("0 " + REST.replace("}", ",\"more\":{\"a\":1}}"))).isNotNull();
	}

	@Test
	void whatWouldBeTooLongIsNotWritten() {
		assertThat(MessageFormat.write("n-1", new Opened("m".repeat(2048), "ab", Duration.ZERO))).isNull();
	}

	@ParameterizedTest
	@MethodSource
	void whatIsNoneOfOursIsNothing(String text) {
		assertThat(MessageFormat.read(text)).isNull();
	}

	static List<String> whatIsNoneOfOursIsNothing() {
		return List.of("", " ", "0", "0 ", REST, "x " + REST, "-1 " + REST, "99999999999999999999 " + REST,
				"9000000000000000 " + REST, "0 [1]", "0 null", "0 {", "0 " + REST.substring(1), "0 {\"v\":1}",
				"0 " + REST.replace("\"v\":1", "\"v\":2"), "0 " + REST.replace("\"v\":1,", ""),
				"0 " + REST.replace("\"rest\"", "\"reset-all\""), "0 " + REST.replace("30000", "-1"),
				"0 " + REST.replace("30000", "86400001"), "0 " + REST.replace("30000", "\"x\""),
				"0 " + REST.replace("30000", "1e400"), "0 " + REST.replace("\"up/m\"", "7"),
				"0 " + REST.replace("up/m", "up\\nm"), "0 " + REST.replace("up/m", "m".repeat(513)),
				"0 " + REST.replace("}", ",\"x\":\"" + "y".repeat(2048) + "\"}"),
				"0 " + REST.replace("}", ",\"x\":" + "[".repeat(500) + "]".repeat(500) + "}"),
				"0 {\"v\":1,\"node\":\"n\",\"type\":\"disable\",\"subject\":\"up\"}",
				"0 {\"v\":1,\"node\":\"n\",\"type\":\"disable\",\"actor\":\"up\"}");
	}

}
