package dev.llmproxy.autoconfigure;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.MalformedJsonException;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Authenticator;
import dev.llmproxy.provider.HttpProviderSpec;
import dev.llmproxy.provider.ProviderPreset;
import dev.llmproxy.provider.ProviderPresets;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/** What each vendor is sent, as its public documentation has it. */
class ProviderPresetsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String CHAT_ANSWER = """
			{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,
			"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""";

	private static final String MESSAGES_ANSWER = """
			{"id":"m","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Hi"}],
			"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}""";

	private static final String GEMINI_ANSWER = """
			{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]},"finishReason":"STOP","index":0}]}""";

	private static final String CONVERSE_ANSWER = """
			{"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"end_turn",
			"usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}""";

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner();

	private ScriptedUpstream upstream;

	@BeforeEach
	void start() {
		this.upstream = ScriptedUpstream.start();
	}

	@AfterEach
	void stop() {
		this.upstream.close();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					openai            | /v1/chat/completions                          | authorization: Bearer k
					azure             | /openai/v1/chat/completions                   | api-key: k
					anthropic         | /v1/messages                                  | x-api-key: k
					gemini            | /v1beta/models/m%2F1:generateContent          | x-goog-api-key: k
					vertex            | /v1/projects/p/locations/l/publishers/google/models/m%2F1:generateContent | authorization: Bearer k
					bedrock           | /model/m%2F1/converse                         | authorization: Bearer k
					cohere            | /compatibility/v1/chat/completions            | authorization: Bearer k
					mistral           | /v1/chat/completions                          | authorization: Bearer k
					groq              | /openai/v1/chat/completions                   | authorization: Bearer k
					xai               | /v1/chat/completions                          | authorization: Bearer k
					perplexity        | /chat/completions                             | authorization: Bearer k
					deepseek          | /chat/completions                             | authorization: Bearer k
					openrouter        | /api/v1/chat/completions                      | authorization: Bearer k
					together          | /v1/chat/completions                          | authorization: Bearer k
					fireworks         | /inference/v1/chat/completions                | authorization: Bearer k
					cerebras          | /v1/chat/completions                          | authorization: Bearer k
					nvidia            | /v1/chat/completions                          | authorization: Bearer k
					huggingface       | /v1/chat/completions                          | authorization: Bearer k
					blackbox          | /chat/completions                             | authorization: Bearer k
					ollama            | /v1/chat/completions                          | authorization: Bearer k
					vllm              | /v1/chat/completions                          | authorization: Bearer k
					lmstudio          | /v1/chat/completions                          | authorization: Bearer k
					llamacpp          | /v1/chat/completions                          | authorization: Bearer k
					openai-compatible | /v1/chat/completions                          | authorization: Bearer k
					""")
	void chatGoesWhereTheVendorExpectsIt(String type, String path, String credentials) {
		ProviderPreset preset = preset(type);
		Dialect dialect = dialect(preset);
		this.upstream.enqueue(Script.json(200, answer(dialect)));
		configured(preset).run((context) -> {
			ask(context, Operation.CHAT, Dialect.OPENAI,
					"{\"model\":\"up/m/1\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":9}");
			RecordedRequest request = this.upstream.takeRequest(PATIENCE);
			assertThat(request.method()).isEqualTo("POST");
			assertThat(request.target()).isEqualTo(path);
			String[] header = credentials.split(": ");
			assertThat(request.header(header[0])).isEqualTo(header[1]);
			assertThat(request.text()).doesNotContain("\"k\"");
			preset.headers().forEach((name, value) -> assertThat(request.header(name)).isEqualTo(value));
			boolean inPath = path.contains("m%2F1");
			assertThat(request.json().path("model").asString(null)).isEqualTo(inPath ? null : "m/1");
		});
	}

	@Test
	void everyVendorIsInTheTableAbove() throws NoSuchMethodException {
		String table = getClass()
			.getDeclaredMethod("chatGoesWhereTheVendorExpectsIt", String.class, String.class, String.class)
			.getAnnotation(CsvSource.class)
			.textBlock();
		Set<String> types = table.lines().map((line) -> line.split("\\|")[0].trim()).collect(Collectors.toSet());
		assertThat(ProviderPresets.all()).extracting(ProviderPreset::type).containsExactlyInAnyOrderElementsOf(types);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			openai      | https://api.openai.com/v1
			anthropic   | https://api.anthropic.com/v1
			gemini      | https://generativelanguage.googleapis.com/v1beta
			cohere      | https://api.cohere.ai
			mistral     | https://api.mistral.ai/v1
			groq        | https://api.groq.com/openai/v1
			xai         | https://api.x.ai/v1
			perplexity  | https://api.perplexity.ai
			deepseek    | https://api.deepseek.com
			openrouter  | https://openrouter.ai/api/v1
			together    | https://api.together.ai/v1
			fireworks   | https://api.fireworks.ai/inference/v1
			cerebras    | https://api.cerebras.ai/v1
			nvidia      | https://integrate.api.nvidia.com/v1
			huggingface | https://router.huggingface.co/v1
			""")
	void vendorsLiveWhereTheirDocumentationSays(String type, String baseUrl) {
		assertThat(preset(type).baseUrl()).isEqualTo(baseUrl);
	}

	static List<ProviderPreset> presetsWithQuirks() {
		return ProviderPresets.all()
			.stream()
			.filter((preset) -> !preset.quirks().unsupported().isEmpty() || !preset.quirks().renamed().isEmpty())
			.toList();
	}

	@ParameterizedTest
	@MethodSource("presetsWithQuirks")
	void whatAVendorRefusesIsLeftOutAndNamed(ProviderPreset preset) {
		ObjectNode body = JsonMapper.shared().createObjectNode().put("model", "up/m");
		body.putArray("messages").addObject().put("role", "user").put("content", "Hi");
		preset.quirks().unsupported().forEach(body::putNull);
		preset.quirks().renamed().keySet().forEach((field) -> body.put(field, 7));
		this.upstream.enqueue(Script.json(200, CHAT_ANSWER));
		configured(preset).run((context) -> {
			LlmResponse response = ask(context, Operation.CHAT, Dialect.OPENAI, body.toString());
			JsonNode sent = this.upstream.takeRequest(PATIENCE).json();
			preset.quirks().unsupported().forEach((field) -> assertThat(sent.has(field)).as(field).isFalse());
			preset.quirks().renamed().forEach((from, to) -> {
				assertThat(sent.has(from)).as(from).isFalse();
				assertThat(sent.path(to).asInt()).as(to).isEqualTo(7);
			});
			assertThat(sent.path("model").asString()).isEqualTo("m");
			List<String> dropped = new ArrayList<>(List.of(response.headers().getFirst("llm-proxy-dropped") == null
					? new String[0] : response.headers().getFirst("llm-proxy-dropped").split(", ")));
			assertThat(dropped).containsExactlyInAnyOrderElementsOf(preset.quirks().unsupported());
		});
	}

	@Test
	void azuresOlderPathsNameTheDeploymentAndTheVersion() {
		this.upstream.answerWith(Script.json(200, CHAT_ANSWER));
		this.runner
			.withPropertyValues("llm-proxy.providers.up.type=azure", "llm-proxy.providers.up.api-key=k",
					"llm-proxy.providers.up.base-url=" + this.upstream.url(),
					"llm-proxy.providers.up.api-version=2024-10-21")
			.run((context) -> {
				ask(context, Operation.CHAT, Dialect.OPENAI, "{\"model\":\"up/my-gpt\",\"messages\":[]}");
				RecordedRequest chat = this.upstream.takeRequest(PATIENCE);
				assertThat(chat.target())
					.isEqualTo("/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21");
				assertThat(chat.header("api-key")).isEqualTo("k");
				ask(context, Operation.EMBEDDINGS, Dialect.OPENAI, "{\"model\":\"up/my-ada\",\"input\":\"a\"}");
				assertThat(this.upstream.takeRequest(PATIENCE).target())
					.isEqualTo("/openai/deployments/my-ada/embeddings?api-version=2024-10-21");
				ask(context, Operation.CHAT, Dialect.RESPONSES, "{\"model\":\"up/my-gpt\",\"input\":\"Hi\"}");
				RecordedRequest responses = this.upstream.takeRequest(PATIENCE);
				assertThat(responses.target()).isEqualTo("/openai/responses?api-version=2024-10-21");
				assertThat(responses.json().path("model").asString()).isEqualTo("my-gpt");
			});
	}

	@Test
	void azuresEndpointVariableIsEnough() {
		this.upstream.answerWith(Script.json(200, CHAT_ANSWER));
		this.runner.withPropertyValues("AZURE_OPENAI_API_KEY=k", "AZURE_OPENAI_ENDPOINT=" + this.upstream.url() + "/")
			.run((context) -> {
				ask(context, Operation.CHAT, Dialect.OPENAI, "{\"model\":\"azure/d\",\"messages\":[]}");
				assertThat(this.upstream.takeRequest(PATIENCE).target()).isEqualTo("/openai/v1/chat/completions");
			});
		this.runner
			.withPropertyValues("AZURE_OPENAI_API_KEY=k", "AZURE_OPENAI_ENDPOINT=" + this.upstream.url(),
					"llm-proxy.providers.azure.api-version=2024-10-21")
			.run((context) -> {
				ask(context, Operation.CHAT, Dialect.OPENAI, "{\"model\":\"azure/d\",\"messages\":[]}");
				assertThat(this.upstream.takeRequest(PATIENCE).target())
					.isEqualTo("/openai/deployments/d/chat/completions?api-version=2024-10-21");
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			deepseek   | anthropic | /anthropic/v1/messages
			perplexity | responses | /v1/responses
			openrouter | anthropic | /api/v1/messages
			openai     | responses | /v1/responses
			""")
	void callersOfAnotherDialectOfTheVendorAreServedInIt(String type, String dialect, String path) {
		this.upstream.enqueue(Script.json(200, dialect.equals("anthropic") ? MESSAGES_ANSWER : "{}"));
		configured(preset(type)).run((context) -> {
			ask(context, Operation.CHAT, new Dialect(dialect), "{\"model\":\"up/m\"}");
			assertThat(this.upstream.takeRequest(PATIENCE).target()).isEqualTo(path);
		});
	}

	private ReactiveWebApplicationContextRunner configured(ProviderPreset preset) {
		String address = switch (preset.type()) {
			case "azure" -> "https://r.openai.azure.com/openai/v1";
			case "bedrock" -> "https://bedrock-runtime.l.amazonaws.com";
			case "vertex" -> "https://l-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google";
			case "openai-compatible" -> "https://models.example.com/v1";
			default -> String.valueOf(preset.baseUrl());
		};
		ReactiveWebApplicationContextRunner configured = this.runner.withPropertyValues(
				"llm-proxy.providers.up.type=" + preset.type(), "llm-proxy.providers.up.region=l",
				"llm-proxy.providers.up.project=p",
				"llm-proxy.providers.up.base-url=" + this.upstream.url() + URI.create(address).getPath());
		return preset.type().equals("vertex") ? configured.withUserConfiguration(Clouds.class)
				: configured.withPropertyValues("llm-proxy.providers.up.api-key=k");
	}

	private static LlmResponse ask(ApplicationContext context, Operation operation, Dialect dialect, String json) {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		try {
			LlmRequest request = LlmRequest.builder(operation, dialect)
				.id("r")
				.body(body, EnvelopeScanner.scan(body, JsonLimits.DEFAULT))
				.codec((operation == Operation.CHAT) ? context.getBean(Codecs.class).inbound(dialect) : null)
				.build();
			return context.getBean(LlmGateway.class).handle(request).blockOptional(PATIENCE).orElseThrow();
		}
		catch (MalformedJsonException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private static ProviderPreset preset(String type) {
		ProviderPreset preset = ProviderPresets.find(type);
		assertThat(preset).as(type).isNotNull();
		return preset;
	}

	private static Dialect dialect(ProviderPreset preset) {
		return preset.endpoints()
			.keySet()
			.stream()
			.filter((key) -> key.operation() == Operation.CHAT)
			.map(HttpProviderSpec.Key::dialect)
			.findFirst()
			.orElseThrow();
	}

	private static String answer(Dialect dialect) {
		return Map
			.of(Dialect.OPENAI, CHAT_ANSWER, Dialect.ANTHROPIC, MESSAGES_ANSWER, Dialect.GEMINI, GEMINI_ANSWER,
					Dialect.BEDROCK, CONVERSE_ANSWER)
			.get(dialect);
	}

	/** Google's tokens without Google. */
	@Configuration(proxyBeanMethods = false)
	static class Clouds {

		@Bean
		CloudAuthentication google() {
			return new CloudAuthentication() {

				@Override
				public boolean supports(ProviderPreset.Auth auth) {
					return auth == ProviderPreset.Auth.GOOGLE_OAUTH;
				}

				@Override
				public Authenticator authenticator(String provider, String region) {
					return (request) -> {
						request.headers().set("authorization", "Bearer k");
						return Mono.just(request);
					};
				}

			};
		}

	}

}
