package dev.llmproxy.server.matrix;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.fake.FakeProvider;
import dev.llmproxy.testkit.fake.Fakes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is not chat, in the caller's dialect whoever serves it. */
class OtherOperationsTest {

	private static TestServer server;

	private static final List<FakeProvider> FAKES = List.of(Fakes.openAi(), Fakes.anthropic(), Fakes.gemini(),
			Fakes.bedrock());

	@BeforeAll
	static void start() {
		Map<String, String> properties = new LinkedHashMap<>();
		String[] types = { "openai", "anthropic", "gemini", "bedrock" };
		String[] paths = { "/v1", "/v1", "/v1beta", "" };
		for (int i = 0; i < types.length; i++) {
			String prefix = "llm-proxy.providers." + types[i] + ".";
			properties.put(prefix + "base-url", FAKES.get(i).url() + paths[i]);
			properties.put(prefix + "api-key", FAKES.get(i).apiKey());
		}
		server = TestServer.start(properties);
	}

	@AfterAll
	static void stop() {
		server.close();
		FAKES.forEach(FakeProvider::close);
	}

	private static RawResponse post(String path, String json) {
		try (RawHttpClient client = server.client()) {
			return client.post(path, TestServer.headers(), json);
		}
	}

	private static JsonNode ok(RawResponse response) throws Exception {
		assertThat(response.status()).as(response.text()).isEqualTo(200);
		return Bodies.JSON.readTree(response.text());
	}

	@ParameterizedTest
	@ValueSource(strings = { "openai/text-embedding-3-small", "gemini/gemini-embedding-001" })
	void embeddingsForCallersOfOpenAi(String model) throws Exception {
		JsonNode answer = ok(post("/v1/embeddings", "{\"model\":\"" + model + "\",\"input\":[\"one\",\"two\"]}"));
		assertThat(answer.path("data")).hasSize(2);
		assertThat(answer.path("data").path(1).path("embedding").size()).isPositive();
	}

	@ParameterizedTest
	@ValueSource(strings = { "openai%2Ftext-embedding-3-small", "gemini%2Fgemini-embedding-001" })
	void embeddingsForCallersOfGemini(String model) throws Exception {
		JsonNode answer = ok(
				post("/v1beta/models/" + model + ":embedContent", "{\"content\":{\"parts\":[{\"text\":\"one\"}]}}"));
		assertThat(answer.path("embedding").path("values").size()).isPositive();
	}

	@ParameterizedTest
	@CsvSource({ "anthropic/claude-sonnet-4-5,false", "gemini/gemini-2.5-flash,false",
			"bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0,true" })
	void tokenCountsForCallersOfAnthropic(String model, boolean estimated) throws Exception {
		RawResponse response = post("/v1/messages/count_tokens", "{\"model\":\"" + model
				+ "\",\"messages\":[{\"role\":\"user\",\"content\":\"How many tokens is this?\"}]}");
		assertThat(ok(response).path("input_tokens").asLong()).isPositive();
		assertThat("true".equals(response.header("llm-proxy-estimated"))).isEqualTo(estimated);
	}

	@Test
	void modelsOfAllProvidersAreListed() throws Exception {
		try (RawHttpClient client = server.client()) {
			JsonNode models = ok(client.get("/v1/models", TestServer.headers()));
			assertThat(models.path("data").findValuesAsText("id")).anyMatch((id) -> id.startsWith("openai/"))
				.anyMatch((id) -> id.startsWith("anthropic/"))
				.anyMatch((id) -> id.startsWith("gemini/"));
		}
	}

	@Test
	void moderationsAndImagesPass() throws Exception {
		assertThat(ok(post("/v1/moderations", "{\"model\":\"openai/omni-moderation-latest\",\"input\":\"hi\"}"))
			.path("results")).isNotEmpty();
		assertThat(ok(post("/v1/images/generations", "{\"model\":\"openai/gpt-image-1\",\"prompt\":\"a dot\"}"))
			.path("data")).isNotEmpty();
	}

	@Test
	void speechPasses() {
		RawResponse response = post("/v1/audio/speech",
				"{\"model\":\"openai/gpt-4o-mini-tts\",\"input\":\"hi\",\"voice\":\"alloy\"}");
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.header("content-type")).startsWith("audio/");
		assertThat(response.body()).isNotEmpty();
	}

	@Test
	void transcriptionsPassWithTheirFileUntouched() throws Exception {
		String form = "--b0\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nopenai/whisper-1\r\n"
				+ "--b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n"
				+ "Content-Type: audio/wav\r\n\r\nRIFF....WAVE\r\n--b0--\r\n";
		Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
		headers.put("content-type", "multipart/form-data; boundary=b0");
		try (RawHttpClient client = server.client()) {
			client.send("POST", "/v1/audio/transcriptions", headers, form.getBytes(StandardCharsets.UTF_8));
			assertThat(ok(client.readResponse(Duration.ofSeconds(10))).path("text").asText()).isNotBlank();
		}
	}

	@Test
	void providersOwnPathsAreReachedWithOurKey() throws Exception {
		try (RawHttpClient client = server.client()) {
			assertThat(ok(client.get("/providers/openai/models", TestServer.headers())).path("data")).isNotEmpty();
		}
	}

	@Test
	void whatATargetCanNotTakeIsNamedOrRefused() {
		String body = "{\"model\":\"anthropic/claude-sonnet-4-5\",\"seed\":7,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
		assertThat(post("/v1/chat/completions", body).header("llm-proxy-dropped")).contains("seed");
		Map<String, String> strict = new LinkedHashMap<>(TestServer.headers());
		strict.put("llm-proxy-strict", "true");
		try (RawHttpClient client = server.client()) {
			RawResponse refused = client.post("/v1/chat/completions", strict, body);
			assertThat(refused.status()).isEqualTo(400);
			assertThat(refused.json().at("/error/param").asString()).isEqualTo("seed");
		}
	}

	@Test
	void geminiStreamsAnArrayToCallersWhoDoNotAskForEvents() throws Exception {
		String body = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hello there\"}]}]}";
		for (String model : List.of("openai%2Fgpt-5-mini", "gemini%2Fgemini-2.5-flash")) {
			JsonNode array = ok(post("/v1beta/models/" + model + ":streamGenerateContent", body));
			assertThat(array.isArray()).isTrue();
			assertThat(array.findValuesAsText("text").stream().reduce("", String::concat)).contains("hello there");
		}
	}

}
