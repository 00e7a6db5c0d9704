package dev.llmproxy.dialect.responses;

import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StreamDecodingTests {

	private static final String END = "data: {\"type\":\"response.completed\",\"response\":{}}\n\n";

	@Test
	void thoughtsTextAndInterleavedCallsAreRead() {
		assertThat(events("stream.txt")).containsExactly(new ChatEvent.Started("resp_1", "gpt-5.1", 1741476542),
				new ChatEvent.ReasoningDelta(0, "Look "), new ChatEvent.ReasoningDelta(0, "up."),
				new ChatEvent.ReasoningDelta(0, "\n\n"), new ChatEvent.ReasoningDelta(0, "Then tell."),
				new ChatEvent.ReasoningSigned(0, new Signature("responses", "gAAAAABo+/secret==")),
				new ChatEvent.TextDelta(0, "Grüße "), new ChatEvent.TextDelta(0, "\"usage\":{ 🌦"),
				new ChatEvent.ToolCallStarted(0, 0, "call_A", "weather", null),
				new ChatEvent.ToolCallDelta(0, 0, "{\"city\""),
				new ChatEvent.ToolCallStarted(0, 1, "call_B", "time", null), new ChatEvent.ToolCallDelta(0, 1, "{}"),
				new ChatEvent.ToolCallDelta(0, 0, ":\"Ulm\"}"),
				new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null),
				new ChatEvent.UsageReported(new Usage(36, 87, 7, 0, 64, 0, 0, false)));
	}

	@Test
	void refusalsAreRead() {
		assertThat(events("stream-refusal.txt")).containsExactly(new ChatEvent.Started("resp_2", "gpt-5.1", 1741476542),
				new ChatEvent.RefusalDelta(0, "I can't "), new ChatEvent.RefusalDelta(0, "do that."),
				new ChatEvent.Finished(0, FinishReason.REFUSAL, null), new ChatEvent.UsageReported(Usage.of(3, 4)));
	}

	@Test
	void theReasonOfAnIncompleteAnswerIsRead() {
		assertThat(events("stream-incomplete.txt")).contains(new ChatEvent.Finished(0, FinishReason.LENGTH, null));
	}

	@Test
	void aFailureIsTheLastEvent() {
		assertThat(events("stream-failed.txt")).containsExactly(new ChatEvent.Started("resp_4", "gpt-5.1", 1),
				new ChatEvent.Failed(new LlmError(ErrorKind.RATE_LIMIT, "Rate limit reached for gpt-5.1.",
						"rate_limit_exceeded", null)));
	}

	@Test
	void aServerMaySendWholeItemsAndNoNames() {
		assertThat(events("stream-sparse.txt")).containsExactly(new ChatEvent.Started("resp_5", "local", 1),
				new ChatEvent.ReasoningDelta(0, "Hm."), new ChatEvent.TextDelta(0, "Whole."),
				new ChatEvent.ToolCallStarted(0, 0, "f", "act", null), new ChatEvent.ToolCallDelta(0, 0, "{\"a\":1}"),
				new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null));
	}

	@Test
	void aServerMaySendEverythingAtTheEnd() {
		assertThat(events("stream-at-the-end.txt")).containsExactly(new ChatEvent.Started("resp_6", "local", 1),
				new ChatEvent.TextDelta(0, "All at once."), new ChatEvent.ToolCallStarted(0, 0, "c", "act", null),
				new ChatEvent.ToolCallDelta(0, 0, "{}"), new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null),
				new ChatEvent.UsageReported(Usage.of(1, 2)));
	}

	@Test
	void thoughtsAndTheirSummaryAreNotToldTwice() {
		assertThat(Samples.events(reasoning("reasoning_text", "content_index", 0, "long")
				+ reasoning("reasoning_summary_text", "summary_index", 0, "short")
				+ reasoning("reasoning_text", "content_index", 1, "winded") + END))
			.containsSubsequence(new ChatEvent.ReasoningDelta(0, "long"), new ChatEvent.ReasoningDelta(0, "\n\n"),
					new ChatEvent.ReasoningDelta(0, "winded"))
			.doesNotContain(new ChatEvent.ReasoningDelta(0, "short"));
	}

	@Test
	void thoughtsThatAreNotSignedAreParagraphs() {
		assertThat(Samples.events(reasoning("reasoning_text", "content_index", 0, "one")
				+ reasoning("reasoning_text", "content_index", 0, "two").replace("\"output_index\":0",
						"\"output_index\":1")
				+ END))
			.containsSubsequence(new ChatEvent.ReasoningDelta(0, "one"), new ChatEvent.ReasoningDelta(0, "\n\n"),
					new ChatEvent.ReasoningDelta(0, "two"));
	}

	private static String reasoning(String kind, String index, int value, String delta) {
		return "data: {\"type\":\"response." + kind + ".delta\",\"output_index\":0,\"" + index + "\":" + value
				+ ",\"delta\":\"" + delta + "\"}\n\n";
	}

	@Test
	void aSilentStartIsMadeUp() {
		assertThat(Samples.events("data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n" + END))
			.startsWith(new ChatEvent.Started("", "", 0), new ChatEvent.TextDelta(0, "Hi"));
	}

	@Test
	void theNameOfTheEventServesWhereItsTypeIsMissing() {
		assertThat(Samples.events("event: response.output_text.delta\ndata: {\"delta\":\"Hi\"}\n\n" + END))
			.contains(new ChatEvent.TextDelta(0, "Hi"));
	}

	@Test
	void aMissingBlankLineAtTheEndIsForgiven() {
		assertThat(Samples.events(END.stripTrailing())).contains(new ChatEvent.Finished(0, FinishReason.STOP, null));
	}

	@Test
	void documentedErrorsAreFlat() {
		assertThat(Samples.events(
				"event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"m\",\"param\":\"p\",\"sequence_number\":1}\n\n"))
			.containsExactly(new ChatEvent.Failed(new LlmError(ErrorKind.UPSTREAM, "m", "server_error", "p")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "data: [DONE]\n\n", "data: {\"type\":\"response.created\",\"response\":{}}\n\n",
			"data: {\"type\":\"response.output_text.done\",\"text\":\"x\"}\n\n", "data: {\"type\":\"response.comp" })
	void aStreamThatIsCutOffIsAnError(String stream) {
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> Samples.events(stream));
	}

	@ParameterizedTest
	@ValueSource(strings = { "data: {\n\n", "data: []\n\n", "data: nonsense\n\n" })
	void whatIsNotJsonIsAnError(String stream) {
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> Samples.events(stream))
			.withMessage("an event that is not a JSON object");
	}

	private static List<ChatEvent> events(String name) {
		return Transcripts.decode(Samples.CODEC.streamDecoder(), Samples.resource(name));
	}

}
