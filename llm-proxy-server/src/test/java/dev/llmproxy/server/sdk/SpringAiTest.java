package dev.llmproxy.server.sdk;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import dev.llmproxy.server.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClient.EntityParamSpec;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring AI's chat client and embeddings, over its OpenAI and its Anthropic module. The
 * tag puts it on the class path of Spring AI's own versions of the SDKs.
 */
@ExtendWith(SharedSdkGateway.class)
@Tag("spring-ai")
class SpringAiTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static SdkGateway gateway;

	@BeforeAll
	static void start(SdkGateway started) {
		gateway = started;
	}

	@AfterEach
	void nothingWasRejected() {
		assertThat(gateway.newRejections()).isEmpty();
	}

	static List<Arguments> clients() {
		Function<String, ChatClient> openAi = SpringAiTest::openAi;
		Function<String, ChatClient> anthropic = SpringAiTest::anthropic;
		return List.of(Arguments.of("openai", openAi, SdkGateway.OPENAI),
				Arguments.of("openai", openAi, SdkGateway.ANTHROPIC), Arguments.of("openai", openAi, SdkGateway.GEMINI),
				Arguments.of("openai", openAi, SdkGateway.BEDROCK),
				Arguments.of("anthropic", anthropic, SdkGateway.ANTHROPIC),
				Arguments.of("anthropic", anthropic, SdkGateway.OPENAI),
				Arguments.of("anthropic", anthropic, SdkGateway.RESPONSES));
	}

	private static ChatClient openAi(String model) {
		return ChatClient.create(OpenAiChatModel.builder()
			.options(OpenAiChatOptions.builder()
				.baseUrl(gateway.url() + "/v1")
				.apiKey(TestServer.KEY)
				.model(model)
				.streamUsage(true)
				.build())
			.build());
	}

	private static ChatClient anthropic(String model) {
		return ChatClient.create(AnthropicChatModel.builder()
			.options(AnthropicChatOptions.builder()
				.baseUrl(gateway.url())
				.apiKey(TestServer.KEY)
				.model(model)
				.maxTokens(1000)
				.build())
			.build());
	}

	@ParameterizedTest(name = "{0} to {2}")
	@MethodSource("clients")
	void calls(String module, Function<String, ChatClient> clients, String model) {
		ChatResponse response = clients.apply(model).prompt("hello there").system("Be brief.").call().chatResponse();
		assertThat(response).isNotNull();
		assertThat(response.getResult().getOutput().getText()).isEqualTo("You said: hello there");
		assertThat(response.getMetadata().getUsage().getPromptTokens()).isPositive();
		assertThat(response.getMetadata().getUsage().getCompletionTokens()).isPositive();
	}

	@ParameterizedTest(name = "{0} to {2}")
	@MethodSource("clients")
	void streams(String module, Function<String, ChatClient> clients, String model) {
		List<ChatResponse> responses = collect(clients.apply(model).prompt("50 words, please").stream().chatResponse());
		StringBuilder text = new StringBuilder();
		responses.stream()
			.flatMap((response) -> response.getResults().stream())
			.map((generation) -> generation.getOutput().getText())
			.forEach((piece) -> text.append((piece != null) ? piece : ""));
		assertThat(text.toString()).startsWith("word and ").endsWith(" end");
		assertThat(responses.size()).isGreaterThan(2);
		assertThat(responses).extracting((response) -> response.getMetadata().getUsage())
			.extracting(Usage::getCompletionTokens)
			.anyMatch((tokens) -> tokens != null && tokens > 0);
	}

	@ParameterizedTest(name = "{0} to {2}")
	@MethodSource("clients")
	void callbacksAreCalled(String module, Function<String, ChatClient> clients, String model) {
		assertThat(clients.apply(model).prompt("How is the weather?").tools(weather()).call().content())
			.startsWith("get_weather returned ")
			.contains("sunny in ");
	}

	@ParameterizedTest(name = "{0} to {2}")
	@MethodSource("clients")
	void callbacksAreCalledFromStreams(String module, Function<String, ChatClient> clients, String model) {
		assertThat(String.join("",
				collect(clients.apply(model).prompt("How is the weather?").tools(weather()).stream().content())))
			.startsWith("get_weather returned ")
			.contains("sunny in ");
	}

	@ParameterizedTest(name = "{0} to {2}")
	@MethodSource("clients")
	void entitiesAreAnswered(String module, Function<String, ChatClient> clients, String model) {
		Forecast forecast = clients.apply(model)
			.prompt("How is the weather?")
			.call()
			.entity(Forecast.class, EntityParamSpec::useProviderStructuredOutput);
		assertThat(forecast).isNotNull();
		assertThat(forecast.city()).isNotBlank();
		assertThat(forecast.advice()).isNotNull();
	}

	private static ToolCallback weather() {
		return FunctionToolCallback.builder("get_weather", (Place place) -> "sunny in " + place.city())
			.description("The weather of a city")
			.inputType(Place.class)
			.build();
	}

	private static <T> List<T> collect(Flux<T> flux) {
		List<T> all = flux.collectList().block(PATIENCE);
		assertThat(all).isNotNull();
		return all;
	}

	@ParameterizedTest
	@ValueSource(strings = { "openai/text-embedding-3-small", "gemini/gemini-embedding-001" })
	void textsAreEmbedded(String model) {
		OpenAiEmbeddingModel embeddings = OpenAiEmbeddingModel.builder()
			.options(OpenAiEmbeddingOptions.builder()
				.baseUrl(gateway.url() + "/v1")
				.apiKey(TestServer.KEY)
				.model(model)
				.dimensions(6)
				.build())
			.build();
		List<float[]> vectors = embeddings.embed(List.of("one", "two"));
		assertThat(vectors).hasSize(2).allSatisfy((vector) -> assertThat(vector).hasSize(6));
		assertThat(vectors.get(0)).isNotEqualTo(vectors.get(1));
	}

	@Test
	void theSystemPromptArrives() {
		assertThat(openAi(SdkGateway.GEMINI).prompt("repeat system").system("Be brief.").call().content())
			.isEqualTo("Be brief.");
	}

	record Place(String city) {
	}

	record Forecast(String city, int temperature, List<String> advice) {
	}

}
