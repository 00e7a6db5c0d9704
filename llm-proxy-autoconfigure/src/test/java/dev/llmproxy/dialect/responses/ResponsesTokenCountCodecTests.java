package dev.llmproxy.dialect.responses;

import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Dialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ResponsesTokenCountCodecTests {

	private final ResponsesTokenCountCodec codec = new ResponsesTokenCountCodec();

	@Test
	void whatBearsOnTheAnswerOnlyIsLeftOut() {
		ChatRequest request = ChatRequest.builder("m")
			.message(Message.text(Role.SYSTEM, "Be terse."))
			.message(Message.text(Role.USER, "Hi"))
			.tool(new Tool.Function("f", null, Map.of("type", "object"), null, null))
			.toolChoice(ToolChoice.AUTO)
			.parallelToolCalls(true)
			.reasoning(ReasoningConfig.effort("low"))
			.responseFormat(new ResponseFormat.JsonObject())
			.stream(true)
			.maxTokens(7)
			.temperature(0.5)
			.user("u")
			.metadata(Map.of("k", "v"))
			.serviceTier("flex")
			.build();
		assertThat(Samples.text(this.codec.encodeCountRequest(request))).isEqualTo(
				"{\"model\":\"m\",\"reasoning\":{\"effort\":\"low\"},\"text\":{\"format\":{\"type\":\"json_object\"}},"
						+ "\"parallel_tool_calls\":true,\"tool_choice\":\"auto\",\"tools\":[{\"type\":\"function\",\"name\":\"f\","
						+ "\"parameters\":{\"type\":\"object\"},\"strict\":false}],\"instructions\":\"Be terse.\","
						+ "\"input\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"Hi\"}]}");
		assertThat(this.codec.dialect()).isEqualTo(Dialect.RESPONSES);
	}

	@Test
	void answersAreReadAndWritten() {
		byte[] body = this.codec.encodeCountResponse(11);
		assertThat(Samples.text(body)).isEqualTo("{\"object\":\"response.input_tokens\",\"input_tokens\":11}");
		assertThat(this.codec.decodeCountResponse(body)).isEqualTo(11);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "[]", "{'input_tokens':'11'}", "{'input_tokens':-1}", "{'input_tokens':1.5}" })
	void whatIsNoCountIsSaidSo(String body) {
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> this.codec.decodeCountResponse(Samples.json(body)));
	}

}
