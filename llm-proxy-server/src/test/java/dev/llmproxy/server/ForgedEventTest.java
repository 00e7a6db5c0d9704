package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S15: whatever a provider writes, in whichever field, stays inside of the event it came
 * in. The stream is looked at line by line, since a lenient reader would not notice.
 */
class ForgedEventTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final String WORDS = "a\n\ndata: {\"evil\":1}\n\nb\r\ndata: [DONE]\r\n\r\nevent: error\rdata: {}\r\r\u2028id: 7\u0085retry: 1";

	private static final String EVIL = JSON.writeValueAsString(WORDS);

	private static final List<String> PATHS = List.of("/v1/chat/completions", "/v1/responses", "/v1/messages",
			"/v1beta/models/%s%%2Fm:streamGenerateContent?alt=sse");

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start();
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.providers.claude.type", "anthropic");
		properties.put("llm-proxy.providers.claude.base-url", upstream.url() + "/v1");
		properties.put("llm-proxy.providers.claude.api-key", TestServer.UPSTREAM_KEY);
		server = TestServer.withUpstream(upstream.url(), properties);
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	static Stream<String> paths() {
		return PATHS.stream();
	}

	@ParameterizedTest
	@MethodSource("paths")
	void s15_textThoughtsAndCallsOfOpenAiForgeNoEvent(String path) {
		upstream.enqueue(Script.sse(List.of(
				openAi("{\"role\":\"assistant\",\"reasoning_content\":" + EVIL + "}", "null"),
				openAi("{\"content\":" + EVIL + "}", "null"),
				openAi("{\"tool_calls\":[{\"index\":0,\"id\":" + EVIL + ",\"type\":\"function\",\"function\":{\"name\":"
						+ EVIL + ",\"arguments\":" + JSON.writeValueAsString("{\"x\":" + EVIL + "}") + "}}]}", "null"),
				openAi("{}", "\"tool_calls\""), "data: [DONE]")));
		assertThat(strings(ask("up", path))).contains(WORDS);
	}

	@ParameterizedTest
	@MethodSource("paths")
	void s15_textThoughtsAndCallsOfAnthropicForgeNoEvent(String path) {
		upstream.enqueue(Script.sse(List.of(
				anthropic("message_start",
						"\"message\":{\"id\":" + EVIL + ",\"model\":" + EVIL
								+ ",\"role\":\"assistant\",\"content\":[]}"),
				anthropic("content_block_start", "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"),
				anthropic("content_block_delta",
						"\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":" + EVIL + "}"),
				anthropic("content_block_stop", "\"index\":0"),
				anthropic("content_block_start",
						"\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":" + EVIL + ",\"name\":" + EVIL
								+ ",\"input\":{}}"),
				anthropic("content_block_delta",
						"\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":"
								+ JSON.writeValueAsString("{\"x\":" + EVIL + "}") + "}"),
				anthropic("content_block_stop", "\"index\":1"),
				anthropic("message_delta", "\"delta\":{\"stop_reason\":\"stop_sequence\",\"stop_sequence\":" + EVIL
						+ "},\"usage\":{\"output_tokens\":1}"),
				anthropic("message_stop", "\"x\":1"))));
		assertThat(strings(ask("claude", path))).contains(WORDS);
	}

	@ParameterizedTest
	@MethodSource("paths")
	void s15_errorsInTheMiddleForgeNoEvent(String path) {
		Gate gate = new Gate();
		upstream.enqueue(Script.sseHead()
			.event(openAi("{\"content\":\"x\"}", "null"))
			.gate(gate)
			.event("data: {\"error\":{\"message\":" + EVIL + ",\"type\":" + EVIL + ",\"code\":" + EVIL
					+ ",\"param\":null}}")
			.endChunked());
		assertThat(strings(ask("up", path, gate))).anyMatch((said) -> said.contains("evil"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "up", "claude" })
	void s15_anArrayOfGeminiStaysOneArray(String provider) {
		upstream
			.enqueue(provider.equals("up")
					? Script.sse(List.of(openAi("{\"content\":" + EVIL + "}", "\"stop\""), "data: [DONE]"))
					: Script.sse(List.of(
							anthropic("message_start", "\"message\":{\"id\":\"i\",\"model\":\"m\",\"content\":[]}"),
							anthropic("content_block_start",
									"\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":" + EVIL + "}"),
							anthropic("message_delta", "\"delta\":{\"stop_reason\":\"end_turn\"}"),
							anthropic("message_stop", "\"x\":1"))));
		JsonNode array = JSON.readTree(ask(provider, "/v1beta/models/%s%%2Fm:streamGenerateContent"));
		assertThat(array.isArray()).isTrue();
		List<String> found = new ArrayList<>();
		collect(array, found);
		assertThat(found).contains(WORDS);
	}

	private static String openAi(String delta, String finish) {
		return "data: {\"id\":" + EVIL + ",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":" + EVIL
				+ ",\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}";
	}

	private static String anthropic(String type, String members) {
		return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + members + "}";
	}

	private static String ask(String provider, String path) {
		return ask(provider, path, new Gate());
	}

	/** The stream, whose rest comes after its head was read. */
	private static String ask(String provider, String path, Gate rest) {
		try (RawHttpClient client = server.client()) {
			client.sendPost(path.formatted(provider), TestServer.headers(), request(provider + "/m", path));
			assertThat(client.readHead(PATIENCE).status()).isEqualTo(200);
			rest.open();
			return new String(client.readBody(PATIENCE), StandardCharsets.UTF_8);
		}
	}

	private static String request(String model, String path) {
		if (path.startsWith("/v1beta")) {
			return "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
		}
		return "{\"model\":\"" + model + "\",\"stream\":true,\"max_tokens\":64," + (path.endsWith("responses")
				? "\"input\":\"hi\"}" : "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
	}

	/** What the events say, once it is sure that there are no others. */
	private static List<String> strings(String stream) {
		List<String> found = new ArrayList<>();
		for (String line : stream.split("\r\n|\r|\n", -1)) {
			if (line.startsWith("data: ")) {
				String data = line.substring("data: ".length());
				JsonNode json = data.equals("[DONE]") ? JSON.nullNode() : JSON.readTree(data);
				assertThat(json.has("evil")).as(line).isFalse();
				collect(json, found);
			}
			else {
				assertThat(line).matches("(event: [a-z_.]+)?");
			}
		}
		assertThat(stream.lines().filter("data: [DONE]"::equals)).hasSizeLessThanOrEqualTo(1);
		return found;
	}

	private static void collect(JsonNode node, List<String> found) {
		if (node.isString()) {
			found.add(node.asString());
		}
		node.forEach((child) -> collect(child, found));
	}

}
