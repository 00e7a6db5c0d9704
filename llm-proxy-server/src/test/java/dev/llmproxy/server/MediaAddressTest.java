package dev.llmproxy.server;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S3: the address of an image or a file is the provider's to fetch, never the gateway's,
 * even where the provider takes bytes only. The address belongs to a listener that must
 * not be connected to.
 */
class MediaAddressTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final List<String> MODELS = List.of("chat/gpt-5-mini", "resp/gpt-5-mini", "claude/claude-sonnet-4-5",
			"gem/gemini-2.5-flash", "rock/anthropic.claude-sonnet-4-5-20250929-v1:0");

	private static ScriptedUpstream upstream;

	private static ScriptedUpstream elsewhere;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start();
		elsewhere = ScriptedUpstream.start();
		upstream.answerWith(Script.json(418, "{}"));
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "chat", "openai", "/v1");
		provider(properties, "resp", "openai", "/v1");
		properties.put("llm-proxy.providers.resp.dialect", "responses");
		provider(properties, "claude", "anthropic", "/v1");
		provider(properties, "gem", "gemini", "/v1beta");
		provider(properties, "rock", "bedrock", "");
		server = TestServer.start(properties);
	}

	private static void provider(Map<String, String> properties, String name, String type, String path) {
		String prefix = "llm-proxy.providers." + name + ".";
		properties.put(prefix + "type", type);
		properties.put(prefix + "base-url", upstream.url() + path);
		properties.put(prefix + "api-key", TestServer.UPSTREAM_KEY);
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
		elsewhere.close();
	}

	static Stream<Arguments> callsAndModels() {
		return Stream
			.of(Arguments.of("/v1/chat/completions", """
					{"model":"%1$s","messages":[{"role":"user","content":[{"type":"text","text":"look"},\
					{"type":"image_url","image_url":{"url":"%2$s/a.png"}}]}]}"""), Arguments.of("/v1/responses", """
					{"model":"%1$s","input":[{"role":"user","content":[{"type":"input_text","text":"look"},\
					{"type":"input_image","image_url":"%2$s/a.png"},\
					{"type":"input_file","file_url":"%2$s/a.pdf"}]}]}"""), Arguments.of("/v1/messages", """
					{"model":"%1$s","max_tokens":64,"messages":[{"role":"user","content":[\
					{"type":"text","text":"look"},\
					{"type":"image","source":{"type":"url","url":"%2$s/a.png"}},\
					{"type":"document","source":{"type":"url","url":"%2$s/a.pdf"}}]}]}"""),
					Arguments.of("/v1beta/models/%1$s:generateContent", """
							{"contents":[{"role":"user","parts":[{"text":"look"},\
							{"fileData":{"mimeType":"image/png","fileUri":"%2$s/a.png"}},\
							{"fileData":{"mimeType":"application/pdf","fileUri":"%2$s/a.pdf"}}]}]}"""))
			.flatMap((call) -> MODELS.stream().map((model) -> Arguments.of(call.get()[0], call.get()[1], model)));
	}

	@ParameterizedTest
	@MethodSource("callsAndModels")
	void s3_theGatewayFetchesNoAddressOfARequest(String path, String body, String model) {
		int before = upstream.requests().size();
		try (RawHttpClient client = server.client()) {
			client.sendPost(path.formatted(model.replace("/", "%2F")), TestServer.headers(),
					body.formatted(model, elsewhere.url()));
			RawResponse response = client.readResponse(PATIENCE);
			// A provider that takes no addresses gets the rest, or the caller is told.
			boolean asked = upstream.requests().size() > before;
			assertThat(response.status()).as(response.text()).isEqualTo(asked ? 418 : 400);
		}
		assertThat(elsewhere.connectionsAccepted()).isZero();
	}

}
