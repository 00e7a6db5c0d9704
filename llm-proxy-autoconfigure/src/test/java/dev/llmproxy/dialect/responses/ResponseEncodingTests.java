package dev.llmproxy.dialect.responses;

import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.chat.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class ResponseEncodingTests {

	@Test
	void anAnswerIsWrittenWithEverythingThatClientsExpect() {
		List<Part> parts = List.of(new Part.Reasoning("Hm.", new Signature("anthropic", "sig")), Part.text("Hi"),
				new Part.Refusal("No."), new Part.ToolCall("toolu_1", "f", "{\"a\":1}"),
				new Part.Image(new MediaSource.Inline("image/png", "aGk="), null, null),
				new Part.Audio(new MediaSource.Inline("audio/wav", "aGk=")), Part.text(""), Part.text("and"));
		ChatResponse response = new ChatResponse("msg_1", "claude", 5,
				List.of(new ChatResponse.Choice(0, parts, FinishReason.LENGTH, null),
						new ChatResponse.Choice(1, List.of(Part.text("other")), FinishReason.STOP, null)),
				new Usage(10, 20, 3, 2, 4, 0, 0, false), "flex");
		ChatRequest request = Samples.request()
			.maxTokens(100)
			.temperature(0.5)
			.topP(0.9)
			.user("u")
			.metadata(Map.of("k", "v"))
			.tool(new Tool.Function("f", null, Map.of("type", "object"), null, null))
			.toolChoice(ToolChoice.REQUIRED)
			.parallelToolCalls(false)
			.reasoning(ReasoningConfig.effort("low"))
			.responseFormat(new ResponseFormat.JsonObject())
			.build();
		assertThat(Samples.text(Samples.CODEC.encodeResponse(response, request)))
			.isEqualTo(Samples.compact("response-encoded.json"));
	}

	@Test
	void withoutTheRequestTheEchoIsTheDefault() {
		JsonNode response = encode(Samples.answer(FinishReason.STOP, Part.text("Hi")));
		assertThat(response.path("tools")).hasToString("[]");
		assertThat(response.path("tool_choice").asString("")).isEqualTo("auto");
		assertThat(response.path("parallel_tool_calls").asBoolean(false)).isTrue();
		assertThat(response.path("text")).hasToString("{\"format\":{\"type\":\"text\"}}");
		assertThat(response.path("service_tier").isNull()).isTrue();
	}

	@Test
	void theChoiceOfAHostedToolIsEchoed() {
		ChatRequest request = Samples.decode("'tools':[{'type':'web_search'}],'tool_choice':{'type':'web_search'}");
		JsonNode response = ResponsesJson
			.parse(Samples.CODEC.encodeResponse(Samples.answer(FinishReason.STOP, Part.text("Hi")), request));
		assertThat(response.path("tool_choice")).hasToString("{\"type\":\"web_search\"}");
		assertThat(response.path("tools")).hasToString("[{\"type\":\"web_search\"}]");
	}

	@ParameterizedTest
	@CsvSource({ "STOP, completed,", "TOOL_CALLS, completed,", "PAUSE, completed,",
			"LENGTH, incomplete, max_output_tokens", "CONTENT_FILTER, incomplete, content_filter",
			"REFUSAL, incomplete, content_filter", "OTHER, incomplete," })
	void theEndIsAStatus(FinishReason finish, String status, String reason) {
		JsonNode response = encode(Samples.answer(finish, Part.text("Hi")));
		assertThat(response.path("status").asString("")).isEqualTo(status);
		assertThat(response.path("incomplete_details").path("reason").asString(null)).isEqualTo(reason);
		assertThat(response.path("output").path(0).path("status").asString("")).isEqualTo(status);
	}

	@Test
	void aRefusalInWordsIsComplete() {
		assertThat(encode(Samples.answer(FinishReason.REFUSAL, new Part.Refusal("No."))).path("status").asString(""))
			.isEqualTo("completed");
	}

	@Test
	void identifiersAreInTheFormOfOpenAi() {
		assertThat(ResponseObject.id("resp_1")).isEqualTo("resp_1");
		assertThat(ResponseObject.id("chatcmpl-1\"\n")).isEqualTo("resp_chatcmpl-1");
		assertThat(ResponseObject.id("")).matches("resp_[0-9a-z]{24}");
	}

	@Test
	void anAnswerWithoutChoicesIsIncomplete() {
		assertThat(encode(new ChatResponse("1", "m", 1, List.of(), null, null)).path("status").asString(""))
			.isEqualTo("incomplete");
	}

	private static JsonNode encode(ChatResponse response) {
		return ResponsesJson.parse(Samples.CODEC.encodeResponse(response));
	}

}
