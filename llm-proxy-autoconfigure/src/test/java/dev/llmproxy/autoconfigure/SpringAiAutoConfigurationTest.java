package dev.llmproxy.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.client.CallReport;
import dev.llmproxy.client.springai.GatewayChatModel;
import dev.llmproxy.client.springai.GatewayChatOptions;
import dev.llmproxy.client.springai.GatewayEmbeddingModel;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.testkit.fake.Fakes;
import dev.llmproxy.testkit.fake.StreamEnding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClient.EntityParamSpec;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.ai.retry.NonTransientAiException;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Spring AI's chat client over the gateway, and when there is such a model. */
class SpringAiAutoConfigurationTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final TwoProviders providers = new TwoProviders();

	private final ApplicationContextRunner runner = this.providers.runner()
		.withConfiguration(AutoConfigurations.of(SpringAiAutoConfiguration.class, ChatClientAutoConfiguration.class,
				ToolCallingAutoConfiguration.class))
		.withPropertyValues("llm-proxy.spring-ai.chat.model=chat", "llm-proxy.spring-ai.embedding.model=vectors");

	@AfterEach
	void nothingWasRejected() {
		List<String> rejections = this.providers.openAi().rejections();
		this.providers.close();
		assertThat(rejections).isEmpty();
	}

	private void client(Consumer<ChatClient> test) {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context.getBean(ChatClient.Builder.class).build());
		});
	}

	@Test
	void failsOverFromDeadProviderAndTellsOfIt() {
		client((client) -> {
			ChatResponse response = client.prompt("hello there").system("Be brief.").call().chatResponse();
			assertThat(response).isNotNull();
			assertThat(response.getResult().getOutput().getText()).isEqualTo("You said: hello there");
			assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
			assertThat(response.getMetadata().getModel()).startsWith("gpt-4o-mini");
			assertThat(response.getMetadata().getId()).isNotBlank();
			assertThat(response.getMetadata().getUsage().getPromptTokens()).isPositive();
			assertThat(response.getMetadata().getUsage().getCompletionTokens()).isPositive();
			CallReport report = response.getMetadata().get(CallReport.KEY);
			assertReport(report);
		});
	}

	private static void assertReport(CallReport report) {
		assertThat(report).isNotNull();
		assertThat(report.route()).isEqualTo("chat");
		assertThat(report.provider()).isEqualTo("openai");
		assertThat(report.attempts()).extracting(AttemptRecord::provider).startsWith("dead").endsWith("openai");
		assertThat(report.attempts().get(0).code()).isEqualTo("upstream_connect");
		assertThat(report.cost()).isPositive();
	}

	@Test
	void streamsWithUsageAndReportAtTheEnd() {
		client((client) -> {
			List<ChatResponse> pieces = client.prompt("50 words, please")
				.stream()
				.chatResponse()
				.collectList()
				.block(PATIENCE);
			assertThat(pieces).hasSizeGreaterThan(10);
			StringBuilder text = new StringBuilder();
			pieces.forEach((piece) -> text.append(piece.getResult().getOutput().getText()));
			assertThat(text.toString()).startsWith("word and ").endsWith(" end");
			ChatResponse last = pieces.get(pieces.size() - 1);
			assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
			assertThat(last.getMetadata().getUsage().getCompletionTokens()).isEqualTo(50);
			CallReport report = last.getMetadata().get(CallReport.KEY);
			assertReport(report);
		});
	}

	@Test
	void toolsAreRunAndTheirResultsSentBack() {
		client((client) -> {
			assertThat(client.prompt("How is the weather?").tools(weather()).call().content())
				.startsWith("get_weather returned ")
				.contains("sunny in ");
			List<String> pieces = client.prompt("How is the weather?")
				.tools(weather())
				.stream()
				.content()
				.collectList()
				.block(PATIENCE);
			assertThat(String.join("", pieces)).startsWith("get_weather returned ").contains("sunny in ");
		});
	}

	@Test
	void toolsCanBeDemandedAndLeftToTheCaller() {
		model((model) -> {
			ChatResponse response = model.call(new Prompt("no tools",
					GatewayChatOptions.builder()
						.toolCallbacks(weather())
						.toolChoice(ToolChoice.REQUIRED)
						.parallelToolCalls(false)
						.build()));
			assertThat(response.hasToolCalls()).isTrue();
			AssistantMessage.ToolCall call = response.getResult().getOutput().getToolCalls().get(0);
			assertThat(call.name()).isEqualTo("get_weather");
			assertThat(call.arguments()).contains("\"city\"");
			assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("TOOL_CALLS");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void entitiesAreAnswered(boolean byTheProvider) {
		client((client) -> {
			ChatClient.CallResponseSpec call = client.prompt("How is the weather?").call();
			if (!byTheProvider) {
				this.providers.openAi()
					.behaviour((conversation) -> dev.llmproxy.testkit.fake.Answer
						.text("{\"city\":\"Rome\",\"temperature\":20,\"advice\":[]}"));
			}
			Forecast forecast = byTheProvider
					? call.entity(Forecast.class, EntityParamSpec::useProviderStructuredOutput)
					: call.entity(Forecast.class);
			assertThat(forecast).isNotNull();
			assertThat(forecast.city()).isNotBlank();
			assertThat(forecast.advice()).isNotNull();
			String sent = lastRequest();
			assertThat(sent.contains("json_schema")).isEqualTo(byTheProvider);
		});
	}

	@Test
	void optionsArrive() {
		client((client) -> {
			client.prompt("hello there")
				.options(GatewayChatOptions.builder()
					.model("openai/gpt-4o")
					.temperature(0.3)
					.topP(0.9)
					.maxTokens(7)
					.stopSequences(List.of("there"))
					.seed(42L)
					.user("u-1"))
				.call()
				.content();
			assertThat(lastRequest()).contains("\"model\":\"gpt-4o\"", "\"temperature\":0.3", "\"top_p\":0.9",
					"tokens\":7", "\"stop\":[\"there\"]", "\"seed\":42", "\"user\":\"u-1\"");
		});
	}

	@Test
	void portableOptionsGoBeforeTheModelsOwn() {
		this.runner
			.withPropertyValues("llm-proxy.spring-ai.chat.temperature=0.1", "llm-proxy.spring-ai.chat.max-tokens=3")
			.run((context) -> {
				ChatResponse response = context.getBean(ChatModel.class)
					.call(new Prompt("one two three four", ChatOptions.builder().temperature(0.8).build()));
				assertThat(lastRequest()).contains("\"temperature\":0.8", "tokens\":3");
				assertThat(response.getResult().getMetadata().getFinishReason()).isEqualTo("LENGTH");
			});
	}

	@Test
	void conversationsAndImagesArrive() {
		client((client) -> {
			assertThat(client.prompt()
				.messages(new SystemMessage("Be brief."), new UserMessage("first"), new AssistantMessage("I see"),
						new UserMessage("recite"))
				.call()
				.content()).isEqualTo("user: first | assistant: I see | user: recite");
			byte[] pixel = Base64.getDecoder().decode(Fakes.PIXEL_BASE64);
			assertThat(client.prompt()
				.user((user) -> user.text("Look")
					.media(Media.builder().mimeType(MimeTypeUtils.IMAGE_PNG).data(pixel).build()))
				.call()
				.content()).isEqualTo("You said: Look I saw image image/png 68 bytes.");
			client.prompt()
				.user((user) -> user.text("Look")
					.media(Media.builder()
						.mimeType(MimeTypeUtils.IMAGE_PNG)
						.data(URI.create("https://example.com/a.png"))
						.build()))
				.call()
				.content();
			assertThat(lastRequest()).contains("\"https://example.com/a.png\"");
		});
	}

	@Test
	void thoughtsComeAndGoBackWithTheirSignatures() {
		model((model) -> {
			GatewayChatOptions options = GatewayChatOptions.builder()
				.model("anthropic/claude-sonnet-4-5")
				.maxTokens(4000)
				.reasoning(dev.llmproxy.chat.ReasoningConfig.effort("low"))
				.toolCallbacks(weather())
				.build();
			ChatClient client = ChatClient.builder(model).defaultOptions(options.mutate()).build();
			String content = client.prompt("How is the weather?").call().content();
			assertThat(content).startsWith("get_weather returned ");
			List<dev.llmproxy.testkit.RecordedRequest> requests = this.providers.anthropic().requests();
			assertThat(requests.get(requests.size() - 1).text()).contains("\"type\":\"thinking\"", "\"signature\":");
		});
	}

	@Test
	void failuresAreTransientOrNot() {
		model((model) -> {
			for (int i = 0; i < 10; i++) {
				this.providers.openAi().failNext(503, "Busy");
			}
			assertThatExceptionOfType(TransientAiException.class)
				.isThrownBy(() -> model.call(new Prompt("hi", ChatOptions.builder().model("openai/gpt-4o").build())))
				.withCauseInstanceOf(LlmException.class);
			assertThatExceptionOfType(NonTransientAiException.class)
				.isThrownBy(() -> model.call(new Prompt("hi", ChatOptions.builder().model("nowhere/none").build())))
				.withCauseInstanceOf(LlmException.class);
		});
	}

	@Test
	void streamsThatBreakEndWithAnError() {
		model((model) -> {
			this.providers.openAi().breakNextStream(3, StreamEnding.RESET);
			assertThatExceptionOfType(TransientAiException.class)
				.isThrownBy(() -> model.stream(new Prompt("50 words, please")).blockLast(PATIENCE))
				.satisfies((failure) -> assertThat(((LlmException) failure.getCause()).error().code())
					.isEqualTo("upstream_connection"));
		});
	}

	@Test
	void repeatedQuestionsAreAnsweredByTheCache() {
		this.runner.withPropertyValues("llm-proxy.cache.enabled=true", "llm-proxy.spring-ai.chat.temperature=0")
			.run((context) -> {
				ChatClient client = context.getBean(ChatClient.Builder.class).build();
				String first = client.prompt("cached?").call().content();
				int asked = this.providers.openAi().requests().size();
				ChatResponse second = client.prompt("cached?").call().chatResponse();
				assertThat(second.getResult().getOutput().getText()).isEqualTo(first);
				assertThat(this.providers.openAi().requests()).hasSize(asked);
				CallReport report = second.getMetadata().get(CallReport.KEY);
				assertThat(report.cache()).isEqualTo("hit");
				assertThat(report.provider()).isNull();
			});
	}

	@Test
	void textsAndDocumentsAreEmbedded() {
		this.runner.run((context) -> {
			EmbeddingModel model = context.getBean(EmbeddingModel.class);
			EmbeddingResponse response = model
				.call(new EmbeddingRequest(List.of("one", "two"), EmbeddingOptions.builder().dimensions(6).build()));
			assertThat(response.getResults()).hasSize(2)
				.allSatisfy((embedding) -> assertThat(embedding.getOutput()).hasSize(6));
			assertThat(response.getResults().get(0).getOutput()).isNotEqualTo(response.getResults().get(1).getOutput());
			assertThat(response.getMetadata().getUsage().getPromptTokens()).isPositive();
			CallReport report = response.getMetadata().get(CallReport.KEY);
			assertThat(report.provider()).isEqualTo("openai");
			assertThat(model.embed(new Document("text", Map.of("title", "T")))).isNotEmpty();
			assertThat(lastRequest()).contains("title: T");
			assertThat(model.embed(List.of())).isEmpty();
		});
	}

	@Test
	void saysThatNoModelIsNamed() {
		this.runner.withPropertyValues("llm-proxy.spring-ai.chat.model=", "llm-proxy.spring-ai.embedding.model=")
			.run((context) -> {
				assertThatExceptionOfType(NonTransientAiException.class)
					.isThrownBy(() -> context.getBean(ChatModel.class).call("hi"))
					.withMessageContaining("llm-proxy.spring-ai.chat.model");
				assertThatExceptionOfType(NonTransientAiException.class)
					.isThrownBy(() -> context.getBean(EmbeddingModel.class).embed("hi"))
					.withMessageContaining("llm-proxy.spring-ai.embedding.model");
			});
	}

	@Test
	void modelsStandBesideThoseOfTheApplication() {
		ChatModel own = (prompt) -> new ChatResponse(List.of());
		this.runner.withBean("own", ChatModel.class, () -> own).run((context) -> {
			assertThat(context).hasNotFailed().hasBean("llmProxyChatModel").hasSingleBean(ChatClient.Builder.class);
			assertThat(injected(context)).isSameAs(own);
		});
	}

	@Test
	void modelsAreInjectedWhereTheyArePrimary() {
		this.runner.withBean("own", ChatModel.class, () -> (prompt) -> new ChatResponse(List.of()))
			.withPropertyValues("llm-proxy.spring-ai.primary=true")
			.run((context) -> assertThat(injected(context)).isInstanceOf(GatewayChatModel.class));
	}

	private static ChatModel injected(AssertableApplicationContext context) {
		return context.getBeanProvider(ChatModel.class).getObject();
	}

	@Test
	void backsOffWhenUserDefinesGatewayModel() {
		GatewayChatModel own = new GatewayChatModel(null, GatewayChatOptions.builder().build(), (failure) -> failure);
		this.runner.withBean("own", GatewayChatModel.class, () -> own)
			.run((context) -> assertThat(context).getBean(GatewayChatModel.class).isSameAs(own));
	}

	@Test
	void leavesTheFieldToAnotherModelOfSpringAi() {
		this.runner.withPropertyValues("spring.ai.model.chat=openai")
			.run((context) -> assertThat(context).doesNotHaveBean(GatewayChatModel.class)
				.hasSingleBean(GatewayEmbeddingModel.class));
		this.runner.withPropertyValues("spring.ai.model.chat=llm-proxy", "spring.ai.model.embedding=none")
			.run((context) -> assertThat(context).hasSingleBean(GatewayChatModel.class)
				.doesNotHaveBean(EmbeddingModel.class));
	}

	@Test
	void canBeSwitchedOff() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SpringAiAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ChatModel.class));
		this.providers.runner()
			.withConfiguration(AutoConfigurations.of(SpringAiAutoConfiguration.class))
			.withPropertyValues("llm-proxy.spring-ai.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ChatModel.class)
				.doesNotHaveBean(EmbeddingModel.class));
	}

	@Test
	void whenSpringAiIsUnavailableThenThereIsNothing() {
		this.providers.runner()
			.withConfiguration(AutoConfigurations.of(SpringAiAutoConfiguration.class, ReloadAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("org.springframework.ai"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("llmProxyChatModel"));
	}

	@Test
	void whenRetryModuleIsUnavailableThenFailuresAreTheGateways() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.ai.retry"))
			.run((context) -> assertThatExceptionOfType(LlmException.class)
				.isThrownBy(() -> context.getBean(ChatModel.class)
					.call(new Prompt("hi", ChatOptions.builder().model("nowhere/none").build()))));
	}

	private void model(Consumer<GatewayChatModel> test) {
		this.runner.run((context) -> test.accept(context.getBean(GatewayChatModel.class)));
	}

	private String lastRequest() {
		List<dev.llmproxy.testkit.RecordedRequest> requests = this.providers.openAi().requests();
		return requests.get(requests.size() - 1).text();
	}

	private static ToolCallback weather() {
		return FunctionToolCallback.builder("get_weather", (Place place) -> "sunny in " + place.city())
			.description("The weather of a city")
			.inputType(Place.class)
			.build();
	}

	record Place(String city) {
	}

	record Forecast(String city, int temperature, List<String> advice) {
	}

}
