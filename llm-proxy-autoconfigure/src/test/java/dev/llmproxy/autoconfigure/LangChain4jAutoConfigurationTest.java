package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.StreamingChatModelHelper;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.llmproxy.client.CallReport;
import dev.llmproxy.client.langchain4j.GatewayChatModel;
import dev.llmproxy.client.langchain4j.GatewayChatResponseMetadata;
import dev.llmproxy.client.langchain4j.GatewayStreamingChatModel;
import dev.llmproxy.testkit.fake.Fakes;
import dev.llmproxy.testkit.fake.StreamEnding;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** LangChain4j's models over the gateway, and when there are such models. */
class LangChain4jAutoConfigurationTest {

	private final TwoProviders providers = new TwoProviders();

	private final ApplicationContextRunner runner = this.providers.runner()
		.withConfiguration(AutoConfigurations.of(LangChain4jAutoConfiguration.class))
		.withPropertyValues("llm-proxy.langchain4j.chat.model=chat", "llm-proxy.langchain4j.embedding.model=vectors");

	@AfterEach
	void nothingWasRejected() {
		List<String> rejections = this.providers.openAi().rejections();
		this.providers.close();
		assertThat(rejections).isEmpty();
	}

	private void model(Consumer<ChatModel> test) {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context.getBean(ChatModel.class));
		});
	}

	@Test
	void failsOverFromDeadProviderAndTellsOfIt() {
		model((model) -> {
			ChatResponse response = model.chat(SystemMessage.from("Be brief."), UserMessage.from("hello there"));
			assertThat(response.aiMessage().text()).isEqualTo("You said: hello there");
			assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
			assertThat(response.tokenUsage().inputTokenCount()).isPositive();
			assertThat(response.modelName()).startsWith("gpt-4o-mini");
			CallReport report = ((GatewayChatResponseMetadata) response.metadata()).report();
			assertThat(report.provider()).isEqualTo("openai");
			assertThat(report.attempts()).hasSizeGreaterThan(1);
			assertThat(report.cost()).isPositive();
			assertThat(((GatewayChatResponseMetadata) response.metadata().toBuilder().build()).report())
				.isEqualTo(report);
		});
	}

	@Test
	void answersWithoutWaiting() {
		model((model) -> assertThat(model.chatAsync("hello there")).succeedsWithin(java.time.Duration.ofSeconds(20))
			.isEqualTo("You said: hello there"));
	}

	@Test
	void toolsAreAskedForAndTheirResultsTaken() {
		model((model) -> {
			List<ChatMessage> messages = new ArrayList<>(List.of(UserMessage.from("How is the weather?")));
			ChatResponse response = model.chat(ask(messages).toolChoice(ToolChoice.REQUIRED).build());
			assertThat(response.finishReason()).isEqualTo(FinishReason.TOOL_EXECUTION);
			ToolExecutionRequest call = response.aiMessage().toolExecutionRequests().get(0);
			assertThat(call.name()).isEqualTo("get_weather");
			messages.add(response.aiMessage());
			messages.add(ToolExecutionResultMessage.from(call, "sunny"));
			assertThat(model.chat(ask(messages).build()).aiMessage().text()).isEqualTo("get_weather returned sunny.");
		});
	}

	private static ChatRequest.Builder ask(List<ChatMessage> messages) {
		return ChatRequest.builder()
			.messages(messages)
			.toolSpecifications(ToolSpecification.builder()
				.name("get_weather")
				.description("The weather of a city")
				.parameters(JsonObjectSchema.builder().addStringProperty("city").required("city").build())
				.build());
	}

	@Test
	void schemasAndImagesArrive() {
		model((model) -> {
			ChatResponse response = model.chat(ChatRequest.builder()
				.messages(UserMessage.from("How is the weather?"))
				.temperature(0.3)
				.responseFormat(ResponseFormat.builder()
					.type(ResponseFormatType.JSON)
					.jsonSchema(JsonSchema.builder()
						.name("forecast")
						.rootElement(JsonObjectSchema.builder().addStringProperty("city").required("city").build())
						.build())
					.build())
				.build());
			assertThat(response.aiMessage().text()).contains("\"city\"");
			assertThat(lastRequest()).contains("\"forecast\"", "\"temperature\":0.3");
			assertThat(model
				.chat(UserMessage.from(TextContent.from("Look"), ImageContent.from(Fakes.PIXEL_BASE64, "image/png")))
				.aiMessage()
				.text()).isEqualTo("You said: Look I saw image image/png 68 bytes.");
		});
	}

	@Test
	void streamsWithUsageAtTheEnd() throws Exception {
		this.runner.run((context) -> {
			StreamingChatModel model = context.getBean(StreamingChatModel.class);
			Heard heard = new Heard();
			model.chat("50 words, please", heard);
			ChatResponse response = heard.answer.get(20, TimeUnit.SECONDS);
			assertThat(heard.pieces).hasSizeGreaterThan(10);
			assertThat(String.join("", heard.pieces)).isEqualTo(response.aiMessage().text())
				.startsWith("word and ")
				.endsWith(" end");
			assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(50);
			assertThat(heard.thread).startsWith("boundedElastic");
			assertThat(StreamingChatModelHelper
				.chatAsync(model, ChatRequest.builder().messages(UserMessage.from("hello there")).build())
				.get(20, TimeUnit.SECONDS)
				.aiMessage()
				.text()).isEqualTo("You said: hello there");
		});
	}

	@Test
	void streamsToolCalls() throws Exception {
		this.runner.run((context) -> {
			Heard heard = new Heard();
			context.getBean(StreamingChatModel.class)
				.chat(ask(List.of(UserMessage.from("How is the weather?"))).build(), heard);
			AiMessage message = heard.answer.get(20, TimeUnit.SECONDS).aiMessage();
			assertThat(heard.calls).extracting((call) -> call.toolExecutionRequest())
				.containsExactlyElementsOf(message.toolExecutionRequests());
			assertThat(message.toolExecutionRequests()).hasSize(1);
		});
	}

	@Test
	void streamsThatBreakAreTold() throws Exception {
		this.runner.run((context) -> {
			this.providers.openAi().breakNextStream(3, StreamEnding.RESET);
			Heard heard = new Heard();
			context.getBean(StreamingChatModel.class).chat("50 words, please", heard);
			assertThat(heard.answer).failsWithin(java.time.Duration.ofSeconds(20))
				.withThrowableThat()
				.withCauseInstanceOf(InternalServerException.class);
		});
	}

	@Test
	void failuresAreNamed() {
		model((model) -> {
			for (int i = 0; i < 10; i++) {
				this.providers.openAi().failNext(429, "Slow down");
			}
			assertThatExceptionOfType(RateLimitException.class).isThrownBy(() -> model.chat(to("openai/gpt-4o")));
			assertThatExceptionOfType(LangChain4jException.class).isThrownBy(() -> model.chat(to("nowhere/none")));
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> model.chat(to(" ")))
				.withMessageContaining("llm-proxy.langchain4j");
		});
	}

	private static ChatRequest to(String model) {
		return ChatRequest.builder().messages(UserMessage.from("hi")).modelName(model).build();
	}

	@Test
	void textsAreEmbedded() {
		this.runner.run((context) -> {
			EmbeddingModel model = context.getBean(EmbeddingModel.class);
			EmbeddingResponse response = model
				.embed(EmbeddingRequest.builder().inputs("one", "two").dimensions(6).build());
			assertThat(response.embeddings()).hasSize(2)
				.allSatisfy((embedding) -> assertThat(embedding.dimension()).isEqualTo(6));
			assertThat(response.tokenUsage().inputTokenCount()).isPositive();
			assertThat(model.dimension()).isEqualTo(model.embed("other").content().dimension());
			assertThat(model.modelName()).isEqualTo("vectors");
		});
	}

	@Test
	void backsOffWhenUserDefinesModel() {
		ChatModel own = new ChatModel() {
		};
		this.runner.withBean("own", ChatModel.class, () -> own)
			.run((context) -> assertThat(context).hasSingleBean(ChatModel.class)
				.doesNotHaveBean(GatewayChatModel.class)
				.hasSingleBean(GatewayStreamingChatModel.class));
	}

	@Test
	void canBeSwitchedOff() {
		this.runner.withPropertyValues("llm-proxy.langchain4j.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ChatModel.class));
	}

	@Test
	void whenLangChain4jIsUnavailableThenThereIsNothing() {
		this.providers.runner()
			.withConfiguration(AutoConfigurations.of(LangChain4jAutoConfiguration.class, ReloadAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("dev.langchain4j"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("llmLangChain4jChatModel"));
	}

	private String lastRequest() {
		List<dev.llmproxy.testkit.RecordedRequest> requests = this.providers.openAi().requests();
		return requests.get(requests.size() - 1).text();
	}

	/** What a handler was told. */
	private static final class Heard implements StreamingChatResponseHandler {

		private final List<String> pieces = new ArrayList<>();

		private final List<CompleteToolCall> calls = new ArrayList<>();

		private final CompletableFuture<ChatResponse> answer = new CompletableFuture<>();

		private volatile String thread = "";

		@Override
		public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
			this.thread = Thread.currentThread().getName();
			this.pieces.add(piece.text());
		}

		@Override
		public void onCompleteToolCall(CompleteToolCall call) {
			this.calls.add(call);
		}

		@Override
		public void onCompleteResponse(ChatResponse response) {
			this.answer.complete(response);
		}

		@Override
		public void onError(Throwable failure) {
			this.answer.completeExceptionally(failure);
		}

	}

}
