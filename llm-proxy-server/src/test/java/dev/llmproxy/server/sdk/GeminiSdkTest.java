package dev.llmproxy.server.sdk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.Content;
import com.google.genai.types.ContentEmbedding;
import com.google.genai.types.EmbedContentConfig;
import com.google.genai.types.FinishReason;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.FunctionResponse;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.ListModelsConfig;
import com.google.genai.types.Model;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.Tool;
import com.google.genai.types.Type;
import dev.llmproxy.server.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Google's GenAI SDK for Java, as its users write it. */
@ExtendWith(SharedSdkGateway.class)
class GeminiSdkTest {

	private static SdkGateway gateway;

	private static Client client;

	@BeforeAll
	static void start(SdkGateway started) {
		gateway = started;
		client = gateway.geminiClient(TestServer.KEY);
	}

	@AfterEach
	void nothingWasRejected() {
		assertThat(gateway.newRejections()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void contentIsGeneratedWhole(String model) {
		GenerateContentConfig config = GenerateContentConfig.builder()
			.systemInstruction(Content.fromParts(Part.fromText("Be brief.")))
			.build();
		GenerateContentResponse response = client.models.generateContent(model, "hello there", config);
		assertThat(response.text()).isEqualTo("You said: hello there");
		assertThat(response.finishReason().knownEnum()).isEqualTo(FinishReason.Known.STOP);
		assertThat(response.usageMetadata().orElseThrow().promptTokenCount().orElseThrow()).isPositive();
		assertThat(response.usageMetadata().orElseThrow().candidatesTokenCount().orElseThrow()).isPositive();
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void contentIsStreamed(String model) {
		StringBuilder text = new StringBuilder();
		GenerateContentResponse last = null;
		try (ResponseStream<GenerateContentResponse> stream = client.models.generateContentStream(model,
				"50 words, please", null)) {
			for (GenerateContentResponse response : stream) {
				text.append((response.text() != null) ? response.text() : "");
				last = response;
			}
		}
		assertThat(text.toString()).startsWith("word and ").endsWith(" end");
		assertThat(last).isNotNull();
		assertThat(last.finishReason().knownEnum()).isEqualTo(FinishReason.Known.STOP);
		assertThat(last.usageMetadata().orElseThrow().totalTokenCount().orElseThrow()).isPositive();
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void functionsAreCalledAndTheirResponsesAnswered(String model) {
		GenerateContentConfig config = GenerateContentConfig.builder().tools(weather()).build();
		for (boolean streamed : new boolean[] { false, true }) {
			List<Content> contents = new ArrayList<>();
			contents.add(Content.builder().role("user").parts(Part.fromText("How is the weather?")).build());
			List<Part> parts = streamed ? streamedParts(model, contents, config)
					: client.models.generateContent(model, contents, config).parts();
			FunctionCall call = parts.stream()
				.flatMap((part) -> part.functionCall().stream())
				.findFirst()
				.orElseThrow();
			assertThat(call.name()).contains("get_weather");
			assertThat(call.args().orElseThrow()).containsKey("city");
			contents.add(Content.builder().role("model").parts(parts).build());
			FunctionResponse.Builder result = FunctionResponse.builder()
				.name("get_weather")
				.response(Map.of("output", "sunny"));
			call.id().ifPresent(result::id);
			contents.add(Content.builder()
				.role("user")
				.parts(Part.builder().functionResponse(result.build()).build())
				.build());
			assertThat(client.models.generateContent(model, contents, config).text())
				.startsWith("get_weather returned ")
				.contains("sunny");
		}
	}

	private static List<Part> streamedParts(String model, List<Content> contents, GenerateContentConfig config) {
		List<Part> parts = new ArrayList<>();
		try (ResponseStream<GenerateContentResponse> stream = client.models.generateContentStream(model, contents,
				config)) {
			stream.forEach((response) -> parts.addAll((response.parts() != null) ? response.parts() : List.of()));
		}
		return parts;
	}

	private static Tool weather() {
		return Tool.builder()
			.functionDeclarations(FunctionDeclaration.builder()
				.name("get_weather")
				.description("The weather of a city")
				.parameters(Schema.builder()
					.type(Type.Known.OBJECT)
					.properties(Map.of("city", Schema.builder().type(Type.Known.STRING).build()))
					.required("city")
					.build()))
			.build();
	}

	@ParameterizedTest
	@ValueSource(strings = { SdkGateway.OPENAI, SdkGateway.RESPONSES, SdkGateway.ANTHROPIC, SdkGateway.GEMINI,
			SdkGateway.BEDROCK })
	void tokensAreCounted(String model) {
		assertThat(client.models.countTokens(model, "How many tokens is this?", null).totalTokens().orElseThrow())
			.isBetween(2, 50);
	}

	@ParameterizedTest
	@ValueSource(strings = { "openai/text-embedding-3-small", "gemini/gemini-embedding-001" })
	void oneOrManyContentsAreEmbedded(String model) {
		EmbedContentConfig config = EmbedContentConfig.builder().outputDimensionality(6).build();
		List<ContentEmbedding> one = client.models.embedContent(model, "one", config).embeddings().orElseThrow();
		List<ContentEmbedding> two = client.models.embedContent(model, List.of("one", "two"), config)
			.embeddings()
			.orElseThrow();
		assertThat(one).hasSize(1);
		assertThat(two).hasSize(2);
		assertThat(two.get(0).values().orElseThrow()).hasSize(6).isEqualTo(one.get(0).values().orElseThrow());
		assertThat(two.get(1).values().orElseThrow()).isNotEqualTo(one.get(0).values().orElseThrow());
	}

	@Test
	void modelsOfAllProvidersAreListedAndEachIsRetrieved() {
		List<String> names = StreamSupport
			.stream(client.models.list(ListModelsConfig.builder().build()).spliterator(), false)
			.map(Model::name)
			.map(Optional::orElseThrow)
			.toList();
		assertThat(names).contains("models/openai/gpt-4o-mini", "models/anthropic/claude-sonnet-4-5",
				"models/gemini/gemini-2.5-flash");
		assertThat(client.models.get("openai/gpt-4o-mini", null).name()).contains("models/openai/gpt-4o-mini");
	}

}
