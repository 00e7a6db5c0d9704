package dev.llmproxy.server.sdk;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.responses.EasyInputMessage;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.StructuredResponseOutputItem;
import dev.llmproxy.server.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** OpenAI's SDK for Java: chat completions and responses, as its users write them. */
@ExtendWith(SharedSdkGateway.class)
class OpenAiChatSdkTest {

	private static SdkGateway gateway;

	private static OpenAIClient client;

	@BeforeAll
	static void start(SdkGateway started) {
		gateway = started;
		client = gateway.openAiClient(TestServer.KEY);
	}

	@AfterEach
	void nothingWasRejected() {
		assertThat(gateway.newRejections()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void streamsAccumulateToACompletion(String model) {
		ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
		ChatCompletionCreateParams params = ChatCompletionCreateParams.builder()
			.model(model)
			.addUserMessage("50 words, please")
			.streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
			.build();
		try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(params)) {
			stream.stream().map(ChatCompletionChunk::validate).forEach(accumulator::accumulate);
		}
		ChatCompletion completion = accumulator.chatCompletion().validate();
		assertThat(completion.choices()).hasSize(1);
		assertThat(completion.choices().get(0).message().content().orElseThrow()).startsWith("word and ")
			.endsWith(" end");
		assertThat(completion.choices().get(0).finishReason()).isEqualTo(ChatCompletion.Choice.FinishReason.STOP);
		assertThat(completion.usage().orElseThrow().completionTokens()).isPositive();
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void toolsOfClassesAreCalledAndTheirResultsAnswered(String model) {
		ChatCompletionCreateParams.Builder params = ChatCompletionCreateParams.builder()
			.model(model)
			.addTool(GetWeather.class)
			.addUserMessage("How is the weather?");
		ChatCompletionMessage message = client.chat().completions().create(params.build()).choices().get(0).message();
		List<ChatCompletionMessageFunctionToolCall> calls = message.toolCalls()
			.orElseThrow()
			.stream()
			.map((call) -> call.asFunction().validate())
			.toList();
		assertThat(calls).hasSize(1);
		assertThat(calls.get(0).function().name()).isEqualTo("get_weather");
		assertThat(calls.get(0).function().arguments(GetWeather.class).city).isNotBlank();
		params.addMessage(message);
		params.addMessage(
				ChatCompletionToolMessageParam.builder().toolCallId(calls.get(0).id()).content("sunny").build());
		assertThat(client.chat().completions().create(params.build()).choices().get(0).message().content())
			.contains("get_weather returned sunny.");
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void toolCallsOfStreamsAccumulateAndAreAnswered(String model) {
		ChatCompletionCreateParams.Builder params = ChatCompletionCreateParams.builder()
			.model(model)
			.addTool(GetWeather.class)
			.addTool(GetTime.class)
			.addUserMessage("parallel please");
		ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();
		try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(params.build())) {
			stream.stream().forEach(accumulator::accumulate);
		}
		ChatCompletionMessage message = accumulator.chatCompletion().choices().get(0).message();
		params.addMessage(message);
		message.toolCalls()
			.orElseThrow()
			.forEach((call) -> params.addMessage(ChatCompletionToolMessageParam.builder()
				.toolCallId(call.asFunction().id())
				.content("fine")
				.build()));
		assertThat(client.chat().completions().create(params.build()).choices().get(0).message().content())
			.contains("get_weather returned fine. get_time returned fine.");
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void completionsOfAClassAreParsed(String model) {
		Weather weather = client.chat()
			.completions()
			.create(ChatCompletionCreateParams.builder()
				.model(model)
				.addUserMessage("How is the weather?")
				.responseFormat(Weather.class)
				.build())
			.choices()
			.get(0)
			.message()
			.content()
			.orElseThrow();
		assertThat(weather.city).isNotBlank();
		assertThat(weather.advice).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void responsesOfAClassAreParsed(String model) {
		Weather weather = client.responses()
			.create(ResponseCreateParams.builder()
				.model(model)
				.input("How is the weather?")
				.text(Weather.class)
				.build())
			.output()
			.stream()
			.filter(StructuredResponseOutputItem::isMessage)
			.map((item) -> item.asMessage().content().get(0).asOutputText())
			.findFirst()
			.orElseThrow();
		assertThat(weather.city).isNotBlank();
		assertThat(weather.advice).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void streamsAccumulateToAResponseWhoseCallsAreAnswered(String model) {
		ResponseInputItem question = ResponseInputItem.ofEasyInputMessage(
				EasyInputMessage.builder().role(EasyInputMessage.Role.USER).content("How is the weather?").build());
		ResponseCreateParams.Builder params = ResponseCreateParams.builder().model(model).addTool(GetWeather.class);
		ResponseFunctionToolCall call = accumulate(params.inputOfResponse(List.of(question)).build()).output()
			.stream()
			.filter(ResponseOutputItem::isFunctionCall)
			.map((item) -> item.asFunctionCall().validate())
			.findFirst()
			.orElseThrow();
		assertThat(call.arguments(GetWeather.class).city).isNotBlank();
		ResponseInputItem result = ResponseInputItem.ofFunctionCallOutput(
				ResponseInputItem.FunctionCallOutput.builder().callId(call.callId()).output("sunny").build());
		Response answer = accumulate(
				params.inputOfResponse(List.of(question, ResponseInputItem.ofFunctionCall(call), result)).build());
		assertThat(answer.output()
			.stream()
			.flatMap((item) -> item.message().stream())
			.map(ResponseOutputMessage::content)
			.map((content) -> content.get(0).asOutputText().text())).containsExactly("get_weather returned sunny.");
	}

	private static Response accumulate(ResponseCreateParams params) {
		ResponseAccumulator accumulator = ResponseAccumulator.create();
		try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(params)) {
			stream.stream().map(ResponseStreamEvent::validate).forEach(accumulator::accumulate);
		}
		return accumulator.response().validate();
	}

	@JsonTypeName("get_weather")
	@JsonClassDescription("The weather of a city")
	static final class GetWeather {

		public String city;

	}

	@JsonTypeName("get_time")
	@JsonClassDescription("The time in a city")
	static final class GetTime {

		public String city;

	}

}
