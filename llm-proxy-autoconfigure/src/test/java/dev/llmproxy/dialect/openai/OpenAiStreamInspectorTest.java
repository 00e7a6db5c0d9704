package dev.llmproxy.dialect.openai;

import java.nio.ByteBuffer;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.StreamInspector.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OpenAiStreamInspectorTest {

	private final StreamInspector inspector = new OpenAiCodec().streamInspector();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "{\"choices\":[]}|LIFECYCLE",
					"{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}|LIFECYCLE",
					"{\"choices\":[{\"delta\":{\"content\":null},\"finish_reason\":\"\"}]}|LIFECYCLE",
					"{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}|SEMANTIC",
					"{\"choices\":[{\"delta\":{\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}}]}|SEMANTIC",
					"{\"choices\":[{\"delta\":{\"reasoning_content\":\"x\"}}]}|SEMANTIC",
					"{\"choices\":[{\"delta\":{\"reasoning\":\"x\"}}]}|SEMANTIC",
					"{\"choices\":[{\"delta\":{\"reasoning_details\":[{}]}}]}|SEMANTIC",
					"{\"choices\":[{\"delta\":{\"thinking_blocks\":[{}]}}]}|SEMANTIC",
					"{\"choices\":[{\"delta\":{\"refusal\":\"x\"}}]}|SEMANTIC",
					"{\"choices\":[{\"delta\":{\"tool_calls\":[{}]}}]}|SEMANTIC",
					"{\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}|SEMANTIC",
					"{\"choices\":[],\"usage\":{\"prompt_tokens\":1}}|USAGE", "{\"error\":{\"message\":\"m\"}}|ERROR",
					"{\"object\":\"error\",\"message\":\"m\"}|ERROR", "{\"error\":null,\"choices\":[]}|LIFECYCLE" })
	void tellsWhatAFrameMeans(String chunk, Kind kind) {
		assertThat(inspect("data: " + chunk + "\n\n")).isEqualTo(kind);
	}

	/**
	 * What is no JSON is neither a beginning nor an end, however much it looks like one.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "{\"choices\":[{\"delta\":{\"content\":\"x\"}}]",
			"{\"choices\":[{\"delta\":{\"content\":\"x\"}}]}}",
			"{\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]" })
	void refusesWhatIsNoJson(String chunk) {
		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> inspect("data: " + chunk + "\n\n"));
	}

	/** Names that stand twice are JSON to most, and to a provider's own SDK. */
	@Test
	void takesWhatOnlyStrictReadersRefuse() {
		assertThat(inspect("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"a\":1,\"a\":2}\n\n"))
			.isEqualTo(Kind.SEMANTIC);
		assertThat(inspect("data: {\"a\":1,\"a\":2,\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n"))
			.isEqualTo(Kind.SEMANTIC);
		assertThat(this.inspector.finish()).isEqualTo(FinishReason.LENGTH);
	}

	@Test
	void tellsWhyAStrictChunkEndsTheAnswer() {
		inspect("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\n");
		assertThat(this.inspector.finish()).isEqualTo(FinishReason.LENGTH);
	}

	@Test
	void readsEventsThatAreSpreadOverLines() {
		assertThat(inspect("data: {\"choices\":\r\ndata: [{\"delta\":{\"content\":\"x\"},\r\ndata: \"finish_reason\":"
				+ "\"stop\"}]}\r\n\r\n"))
			.isEqualTo(Kind.SEMANTIC);
		assertThat(this.inspector.complete()).isTrue();
	}

	@Test
	void takesCommentsForLifeCycleNews() {
		assertThat(inspect(": ping\n\n")).isEqualTo(Kind.LIFECYCLE);
		assertThat(inspect("data:\n\n")).isEqualTo(Kind.LIFECYCLE);
		assertThat(this.inspector.complete()).isFalse();
	}

	@Test
	void fault58_aUsageOfAnAnswerThatGoesOnIsAnEstimate() {
		inspect("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\n");
		assertThat(this.inspector.usage()).isEqualTo(Usage.estimate(3, 1));
		inspect("data: [DONE]\n\n");
		assertThat(this.inspector.usage()).isEqualTo(Usage.of(3, 1));
	}

	@ParameterizedTest
	@CsvSource({ "7, false", "0, false", "6, true", "-1, true" })
	void fault58_aTotalBelowItsPartsMakesAnEstimate(long total, boolean estimated) {
		inspect("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,\"total_tokens\":" + total
				+ "}}\n\n");
		inspect("data: [DONE]\n\n");
		assertThat(this.inspector.usage()).isEqualTo(estimated ? Usage.estimate(3, 4) : Usage.of(3, 4));
	}

	@Test
	void isCompleteWithDoneOrAReason() {
		inspect("data: {\"choices\":[{\"delta\":{\"content\":\"\\\"finish_reason\\\":\\\"stop\\\"\"}}]}\n\n");
		assertThat(this.inspector.complete()).isFalse();
		inspect("data: [DONE]\n\n");
		assertThat(this.inspector.complete()).isTrue();
	}

	@Test
	void readsUsageBesideContentWithoutHidingIt() {
		inspect("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
		assertThat(inspect("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":"
				+ "{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n"))
			.isEqualTo(Kind.SEMANTIC);
		assertThat(this.inspector.usage()).isEqualTo(Usage.of(1, 2));
	}

	@Test
	void keepsTheError() {
		inspect("data: {\"error\":{\"message\":\"Too much.\",\"code\":429}}\n\n");
		assertThat(this.inspector.error().kind()).isEqualTo(ErrorKind.RATE_LIMIT);
		assertThat(this.inspector.error().message()).isEqualTo("Too much.");
	}

	private Kind inspect(String frame) {
		ByteBuffer bytes = ByteBuffer.wrap(Json.bytes(frame));
		Kind kind = this.inspector.inspect(bytes);
		assertThat(bytes.position()).isZero();
		return kind;
	}

}
