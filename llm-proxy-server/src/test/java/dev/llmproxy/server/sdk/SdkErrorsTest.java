package dev.llmproxy.server.sdk;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import com.anthropic.client.AnthropicClient;
import com.anthropic.errors.AnthropicServiceException;
import com.anthropic.models.ErrorType;
import com.anthropic.models.messages.MessageCreateParams;
import com.google.genai.Client;
import com.google.genai.errors.ClientException;
import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.fake.FakeProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What the SDKs make of our errors: the exceptions that their users catch. */
@ExtendWith(SharedSdkGateway.class)
class SdkErrorsTest {

	private static SdkGateway gateway;

	@BeforeAll
	static void start(SdkGateway started) {
		gateway = started;
	}

	/** Unknown models are meant to be refused. */
	@AfterAll
	static void forgetRejections() {
		gateway.newRejections();
	}

	private static void chat(OpenAIClient client, String model) {
		client.chat()
			.completions()
			.create(ChatCompletionCreateParams.builder().model(model).addUserMessage("hello").build());
	}

	private static void stream(OpenAIClient client, String model) {
		try (StreamResponse<ChatCompletionChunk> stream = client.chat()
			.completions()
			.createStreaming(ChatCompletionCreateParams.builder().model(model).addUserMessage("hello").build())) {
			assertThat(stream.stream()).isEmpty();
		}
	}

	private static void message(AnthropicClient client, String model) {
		client.messages()
			.create(MessageCreateParams.builder().model(model).maxTokens(100).addUserMessage("hello").build());
	}

	private static <E extends OpenAIServiceException> E openAiFailure(Class<E> type, Runnable call) {
		return catchThrowableOfType(type, call::run);
	}

	private static <E extends AnthropicServiceException> E anthropicFailure(Class<E> type, Runnable call) {
		return catchThrowableOfType(type, call::run);
	}

	private static ClientException geminiFailure(Supplier<?> call) {
		return catchThrowableOfType(ClientException.class, call::get);
	}

	@Test
	void aWrongKeyIsUnauthorizedToOpenAi() {
		OpenAIClient client = gateway.openAiClient("sk-wrong");
		for (Runnable call : List.<Runnable>of(() -> chat(client, SdkGateway.OPENAI),
				() -> stream(client, SdkGateway.OPENAI), () -> client.models().list())) {
			UnauthorizedException failure = openAiFailure(UnauthorizedException.class, call);
			assertThat(failure.statusCode()).isEqualTo(401);
			assertThat(failure.code()).contains("invalid_api_key");
			assertThat(failure.type()).contains("authentication_error");
		}
	}

	@Test
	void aWrongKeyIsUnauthorizedToAnthropic() {
		AnthropicClient client = gateway.anthropicClient("sk-wrong");
		AnthropicServiceException failure = anthropicFailure(com.anthropic.errors.UnauthorizedException.class,
				() -> message(client, SdkGateway.ANTHROPIC));
		assertThat(failure.statusCode()).isEqualTo(401);
		assertThat(failure.type()).contains(ErrorType.AUTHENTICATION_ERROR);
	}

	@Test
	void aWrongKeyIsUnauthenticatedToGemini() {
		Client client = gateway.geminiClient("wrong");
		ClientException failure = geminiFailure(() -> client.models.generateContent(SdkGateway.GEMINI, "hello", null));
		assertThat(failure.code()).isEqualTo(401);
		assertThat(failure.status()).isEqualTo("UNAUTHENTICATED");
		assertThat(failure.message()).startsWith("This key is not known here.").contains("INVALID_API_KEY");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nobody/model", "openai/no-such-model", "gemini/no-such-model", "no-such-model" })
	void anUnknownModelIsNotFoundToOpenAi(String model) {
		OpenAIClient client = gateway.openAiClient(TestServer.KEY);
		for (Runnable call : List.<Runnable>of(() -> chat(client, model), () -> stream(client, model))) {
			NotFoundException failure = openAiFailure(NotFoundException.class, call);
			assertThat(failure.statusCode()).isEqualTo(404);
			assertThat(failure.code()).isPresent();
		}
	}

	/** Whether a provider has a model that it does not list only asking it would tell. */
	@ParameterizedTest
	@ValueSource(strings = { "nobody/model", "no-such-model" })
	void aModelThatNobodyServesIsNotFoundInTheListEither(String model) {
		OpenAIClient client = gateway.openAiClient(TestServer.KEY);
		assertThat(openAiFailure(NotFoundException.class, () -> client.models().retrieve(model)).code())
			.contains("model_not_found");
	}

	@Test
	void anUnknownModelHasOurCodeAndParameterToOpenAi() {
		OpenAIClient client = gateway.openAiClient(TestServer.KEY);
		NotFoundException failure = openAiFailure(NotFoundException.class, () -> chat(client, "nobody/model"));
		assertThat(failure.code()).contains("model_not_found");
		assertThat(failure.param()).contains("model");
		assertThat(failure).hasMessageContaining("nobody/model");
	}

	@ParameterizedTest
	@ValueSource(strings = { "nobody/model", "openai/no-such-model", "gemini/no-such-model" })
	void anUnknownModelIsNotFoundToAnthropic(String model) {
		AnthropicClient client = gateway.anthropicClient(TestServer.KEY);
		AnthropicServiceException failure = anthropicFailure(com.anthropic.errors.NotFoundException.class,
				() -> message(client, model));
		assertThat(failure.statusCode()).isEqualTo(404);
		assertThat(failure.type()).contains(ErrorType.NOT_FOUND_ERROR);
	}

	@ParameterizedTest
	@ValueSource(strings = { "nobody/model", "openai/no-such-model", "gemini/no-such-model" })
	void anUnknownModelIsNotFoundToGemini(String model) {
		Client client = gateway.geminiClient(TestServer.KEY);
		ClientException failure = geminiFailure(() -> client.models.generateContent(model, "hello", null));
		assertThat(failure.code()).isEqualTo(404);
		assertThat(failure.status()).isEqualTo("NOT_FOUND");
	}

	private static FakeProvider throttled(String model) {
		return upstream(model).failNext(429, "Slow down", Map.of("Retry-After", "7"));
	}

	private static FakeProvider upstream(String model) {
		return switch (model.substring(0, model.indexOf('/'))) {
			case "openai" -> gateway.openAi();
			case "anthropic" -> gateway.anthropic();
			default -> gateway.gemini();
		};
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.ANTHROPIC, SdkGateway.GEMINI })
	void aProvidersRateLimitIsOneToOpenAi(String model) {
		OpenAIClient client = gateway.openAiClient(TestServer.KEY);
		for (Runnable call : List.<Runnable>of(() -> chat(client, model), () -> stream(client, model))) {
			int before = throttled(model).requests().size();
			RateLimitException failure = openAiFailure(RateLimitException.class, call);
			assertThat(failure.statusCode()).isEqualTo(429);
			assertThat(failure.headers().values("retry-after")).containsExactly("7");
			assertThat(failure.code()).isPresent();
			assertThat(failure).hasMessageContaining("Slow down");
			assertThat(upstream(model).requests()).hasSize(before + 1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.ANTHROPIC, SdkGateway.GEMINI })
	void aProvidersRateLimitIsOneToAnthropic(String model) {
		throttled(model);
		AnthropicClient client = gateway.anthropicClient(TestServer.KEY);
		AnthropicServiceException failure = anthropicFailure(com.anthropic.errors.RateLimitException.class,
				() -> message(client, model));
		assertThat(failure.statusCode()).isEqualTo(429);
		assertThat(failure.headers().values("retry-after")).containsExactly("7");
		assertThat(failure.type()).contains(ErrorType.RATE_LIMIT_ERROR);
		assertThat(failure).hasMessageContaining("Slow down");
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.ANTHROPIC, SdkGateway.GEMINI })
	void aProvidersRateLimitIsOneToGemini(String model) {
		throttled(model);
		Client client = gateway.geminiClient(TestServer.KEY);
		ClientException failure = geminiFailure(() -> client.models.generateContent(model, "hello", null));
		assertThat(failure.code()).isEqualTo(429);
		assertThat(failure.status()).isEqualTo("RESOURCE_EXHAUSTED");
		assertThat(failure.message()).contains("Slow down");
	}

}
