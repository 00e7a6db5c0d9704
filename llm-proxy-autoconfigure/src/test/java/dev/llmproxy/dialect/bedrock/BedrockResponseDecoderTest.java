package dev.llmproxy.dialect.bedrock;

import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Transcripts;
import dev.llmproxy.dialect.WholeInspection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class BedrockResponseDecoderTest {

	private final BedrockCodec codec = new BedrockCodec();

	private ChatResponse decode(String name) {
		return this.codec.decodeResponse(Transcripts.resource(getClass(), name));
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Test
	void readsTextAndUsage() {
		ChatResponse response = decode("response-text.json");
		assertThat(response.text()).isEqualTo("Grüße aus Köln. \"usage\" 😀");
		assertThat(response.choices()).singleElement()
			.satisfies((choice) -> assertThat(choice.finishReason()).isEqualTo(FinishReason.STOP));
		assertThat(response.usage()).isEqualTo(Usage.of(14, 9));
		assertThat(response.id()).isEmpty();
		assertThat(response.model()).isEmpty();
	}

	@Test
	void readsThoughtsAndCallsInOrderAndCountsCachedTokens() {
		ChatResponse response = decode("response-tools.json");
		assertThat(response.choices().get(0).parts()).containsExactly(
				new Part.Reasoning("Two cities, two calls.", new Signature("bedrock", "EqoBCkgIBRABGAIiQL8=")),
				new Part.Reasoning("", null, new Signature("bedrock", "cmVkYWN0ZWQ=")), Part.text("I'll look."),
				new Part.ToolCall("tooluse_kZJMlvQmRJ6eAyJE5GIl7Q", "get_weather", "{\"city\":\"Köln\",\"days\":1.50}"),
				new Part.ToolCall("tooluse_2", "get_time", "{}"));
		assertThat(response.choices().get(0).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(response.usage()).isEqualTo(new Usage(1120, 60, 1000, 100, 0, 0, 0, false));
		assertThat(response.serviceTier()).isEqualTo("flex");
	}

	@Test
	void readsACallThatStandsForTheAnswerAsText() {
		ChatResponse response = decode("response-answer-tool.json");
		assertThat(response.choices().get(0).parts()).containsExactly(Part.text("{\"name\":\"Ada\",\"age\":36}"));
		assertThat(response.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
	}

	@Test
	void readsCitedTextAndTheStopSequence() {
		ChatResponse response = decode("response-cited.json");
		assertThat(response.text()).isEqualTo("It is so. Truly.");
		assertThat(response.choices().get(0).finishReason()).isEqualTo(FinishReason.STOP);
		assertThat(response.choices().get(0).stopSequence()).isEqualTo("END");
	}

	@ParameterizedTest
	@CsvSource({ "end_turn,STOP", "stop_sequence,STOP", "max_tokens,LENGTH", "model_context_window_exceeded,LENGTH",
			"tool_use,STOP", "guardrail_intervened,CONTENT_FILTER", "content_filtered,CONTENT_FILTER",
			"malformed_tool_use,OTHER", "malformed_model_output,OTHER", "something_newer,OTHER" })
	void readsWhyTheModelStopped(String reason, FinishReason expected) {
		String body = "{\"output\":{\"message\":{\"content\":[]}},\"stopReason\":\"" + reason + "\"}";
		ChatResponse response = this.codec.decodeResponse(utf8(body));
		assertThat(response.choices().get(0).finishReason()).isEqualTo(expected);
		assertThat(response.usage()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "{}", "null", "{\"output\":{}}",
			"{\"output\":{\"message\":{\"content\":\"x\"}}}", "{\"message\":\"no\"}", "{" })
	void refusesWhatIsNoAnswer(String body) {
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> this.codec.decodeResponse(utf8(body)));
	}

	@Test
	void aGlanceFindsTheAnswersOwnUsageOnly() {
		WholeInspection inspection = this.codec.inspect(Transcripts.resource(getClass(), "response-tools.json"));
		assertThat(inspection.usage()).isEqualTo(new Usage(1120, 60, 1000, 100, 0, 0, 0, false).servedBy("flex"));
		assertThat(inspection.error()).isNull();
	}

	@Test
	void aGlanceNoticesAnErrorThatCameWithSuccess() {
		WholeInspection inspection = this.codec
			.inspect(utf8("{\"Output\":{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"},"
					+ "\"Version\":\"1.0\"}"));
		assertThat(inspection.error()).isNotNull().satisfies((error) -> {
			assertThat(error.kind()).isEqualTo(ErrorKind.UPSTREAM);
			assertThat(error.code()).isEqualTo("UnknownOperationException");
		});
	}

}
