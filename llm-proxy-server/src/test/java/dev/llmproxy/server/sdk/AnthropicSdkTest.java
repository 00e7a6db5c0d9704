package dev.llmproxy.server.sdk;

import java.util.List;
import java.util.Map;

import com.anthropic.client.AnthropicClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.HttpResponseFor;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCountTokensParams;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.MessageTokensCount;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.StopReason;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import com.anthropic.models.models.ModelInfo;
import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Anthropic's SDK for Java, as its users write it. */
@ExtendWith(SharedSdkGateway.class)
class AnthropicSdkTest {

	private static SdkGateway gateway;

	private static AnthropicClient client;

	@BeforeAll
	static void start(SdkGateway started) {
		gateway = started;
		client = gateway.anthropicClient(TestServer.KEY);
	}

	@AfterEach
	void nothingWasRejected() {
		assertThat(gateway.newRejections()).isEmpty();
	}

	private static MessageCreateParams.Builder ask(String model, String prompt) {
		return MessageCreateParams.builder().model(model).maxTokens(4000).addUserMessage(prompt);
	}

	private static Message stream(MessageCreateParams params) {
		MessageAccumulator accumulator = MessageAccumulator.create();
		try (StreamResponse<RawMessageStreamEvent> stream = client.messages().createStreaming(params)) {
			stream.stream().map(RawMessageStreamEvent::validate).forEach(accumulator::accumulate);
		}
		return accumulator.message().validate();
	}

	private static String text(Message message) {
		return message.content().stream().flatMap((block) -> block.text().stream()).findFirst().orElseThrow().text();
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void messagesAreAnsweredWholeAndStreamed(String model) {
		MessageCreateParams params = ask(model, "hello there").system("Be brief.").build();
		Message whole = client.messages().create(params).validate();
		Message streamed = stream(params);
		for (Message message : List.of(whole, streamed)) {
			assertThat(text(message)).isEqualTo("You said: hello there");
			assertThat(message.stopReason()).contains(StopReason.END_TURN);
			assertThat(message.usage().inputTokens()).isPositive();
			assertThat(message.usage().outputTokens()).isPositive();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void toolsAreCalledAndTheirResultsAnswered(String model) {
		MessageCreateParams.Builder params = ask(model, "How is the weather?").addTool(weather());
		for (boolean streamed : new boolean[] { false, true }) {
			Message message = streamed ? stream(params.build()) : client.messages().create(params.build()).validate();
			assertThat(message.stopReason()).contains(StopReason.TOOL_USE);
			Message answer = answered(params.build().toBuilder(), message);
			assertThat(text(answer)).isEqualTo("get_weather returned sunny.");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI, SdkGateway.BEDROCK })
	void thoughtsGoBackWithTheirSignatures(String model) {
		MessageCreateParams.Builder params = ask(model, "How is the weather?").addTool(weather()).enabledThinking(1024);
		for (boolean streamed : new boolean[] { false, true }) {
			Message message = streamed ? stream(params.build()) : client.messages().create(params.build()).validate();
			assertThat(message.content()).filteredOn(ContentBlock::isThinking)
				.anySatisfy((block) -> assertThat(block.asThinking().signature()).isNotBlank());
			Message answer = answered(params.build().toBuilder(), message);
			assertThat(text(answer)).isEqualTo("get_weather returned sunny.");
		}
	}

	@Test
	void aSignatureOfAnthropicArrivesThereAsItWas() {
		MessageCreateParams.Builder params = ask(SdkGateway.ANTHROPIC, "How is the weather?").addTool(weather())
			.enabledThinking(1024);
		Message message = client.messages().create(params.build());
		String signature = message.content()
			.stream()
			.flatMap((block) -> block.thinking().stream())
			.findFirst()
			.orElseThrow()
			.signature();
		answered(params, message);
		List<RecordedRequest> requests = gateway.anthropic().requests();
		assertThat(requests.get(requests.size() - 1).text()).contains("\"signature\":\"" + signature + "\"");
	}

	private static Message answered(MessageCreateParams.Builder params, Message message) {
		ToolUseBlock call = message.content()
			.stream()
			.flatMap((block) -> block.toolUse().stream())
			.findFirst()
			.orElseThrow();
		assertThat(call.name()).isEqualTo("get_weather");
		ToolResultBlockParam result = ToolResultBlockParam.builder().toolUseId(call.id()).content("sunny").build();
		return client.messages()
			.create(params.addMessage(message)
				.addUserMessageOfContentBlockParams(List.of(ContentBlockParam.ofToolResult(result)))
				.build())
			.validate();
	}

	private static Tool weather() {
		return Tool.builder()
			.name("get_weather")
			.description("The weather of a city")
			.inputSchema(Tool.InputSchema.builder()
				.properties(Tool.InputSchema.Properties.builder()
					.putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
					.build())
				.addRequired("city")
				.build())
			.build();
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void answersOfAClassAreParsed(String model) {
		Weather weather = client.messages()
			.create(ask(model, "How is the weather?").outputConfig(Weather.class).build())
			.content()
			.stream()
			.flatMap((block) -> block.text().stream())
			.findFirst()
			.orElseThrow()
			.text();
		assertThat(weather.city).isNotBlank();
		assertThat(weather.advice).isNotNull();
	}

	@ParameterizedTest
	@CsvSource({ SdkGateway.ANTHROPIC + ",false", SdkGateway.GEMINI + ",false", SdkGateway.RESPONSES + ",false",
			SdkGateway.OPENAI + ",false", SdkGateway.BEDROCK + ",true" })
	void tokensAreCountedOrSaidToBeEstimated(String model, boolean estimated) {
		MessageCountTokensParams params = MessageCountTokensParams.builder()
			.model(model)
			.addUserMessage("How many tokens is this?")
			.build();
		try (HttpResponseFor<MessageTokensCount> response = client.messages().withRawResponse().countTokens(params)) {
			assertThat(response.headers().values("llm-proxy-estimated"))
				.isEqualTo(estimated ? List.of("true") : List.of());
			assertThat(response.parse().validate().inputTokens()).isBetween(2L, 50L);
		}
	}

	@Test
	void modelsOfAllProvidersAreListedAndEachIsRetrieved() {
		List<ModelInfo> models = client.models().list().autoPager().stream().toList();
		assertThat(models).extracting(ModelInfo::id)
			.contains("openai/gpt-4o-mini", "anthropic/claude-sonnet-4-5", "gemini/gemini-2.5-flash");
		assertThat(models).allSatisfy((model) -> assertThat(model.displayName()).isNotBlank());
		assertThat(client.models().retrieve("gemini/gemini-2.5-flash").createdAt()).isNotNull();
	}

}
