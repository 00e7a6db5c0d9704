package dev.llmproxy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.apache.commons.logging.LogFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * S10 (and fault 80): with everything exposed and everything logged, planted credentials
 * turn up in no log, meter, error, actuator endpoint or {@code toString}, even where
 * values were asked for; and what was said turns up in answers only.
 */
@ExtendWith(OutputCaptureExtension.class)
class CanaryTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String MARK = "7f3a91c4e8";

	/**
	 * A heap holds all that the process knows. It is shown to nobody unless an operator
	 * exposes it, and then it is meant to.
	 */
	private static final String HEAP = "heapdump";

	/** Credentials, which belong nowhere. */
	private final Set<String> keys = new LinkedHashSet<>();

	/** What callers and models say, which belongs in answers. */
	private final Set<String> words = new LinkedHashSet<>();

	private final List<String> answers = new ArrayList<>();

	private final List<String> shown = new ArrayList<>();

	@TempDir
	Path directory;

	/** Spring Boot leaves it to the next server of this JVM. */
	@AfterEach
	void logForPeopleAgain() {
		System.clearProperty("CONSOLE_LOG_STRUCTURED_FORMAT");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void s10SecretsTurnUpNowhere(boolean hotLane, CapturedOutput output) throws IOException {
		Path callerFile = Files.writeString(this.directory.resolve("caller"), key("caller-file") + "\n");
		Path providerFile = Files.writeString(this.directory.resolve("provider"), key("provider-file") + "\n");
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.server.hot-lane", String.valueOf(hotLane));
		talkative(properties);
		callers(properties, callerFile);
		providers(properties, providerFile);
		environment(properties);
		try (ScriptedUpstream upstream = ScriptedUpstream.start();
				TestServer server = TestServer.withUpstream(upstream.url(), properties)) {
			upstream.answerWith(Script.json(200, answer()));
			for (String caller : List.of("caller", "caller-file", "caller-env", "caller-list")) {
				assertThat(ask(server, key(caller), false).status()).isEqualTo(200);
			}
			stream(server, upstream);
			fail(server, upstream);
			refuse(server);
			cancel(server, upstream, output);
			actuator(server);
			// What looks like one is masked, whoever logs it.
			LogFactory.getLog(CanaryTest.class).warn("A library tells of sk-" + key("logged"));
			this.shown.addAll(describe(server.context()));
		}
		String log = output.getAll();
		assertThat(log).contains("A library tells of [secret]", "\"logger\":\"llm-proxy.access\"", "malformed_header",
				"\"level\":\"DEBUG\"");
		this.shown.add(log);
		assertThat(this.shown).anyMatch((text) -> text.contains("\"llm-proxy.access.keys[1].key\""))
			.anyMatch((text) -> text.contains("llm_proxy_log_dropped_total"));
		assertThat(this.keys.size() + this.words.size()).isGreaterThan(40);
		assertThat(this.answers).anyMatch((text) -> text.contains(word("answer")));
		for (String secret : this.keys) {
			assertThat(this.answers).as(secret).noneMatch((text) -> text.contains(secret));
			assertThat(this.shown).as(secret).noneMatch((text) -> text.contains(secret));
		}
		for (String secret : this.words) {
			assertThat(this.shown).as(secret).noneMatch((text) -> text.contains(secret));
		}
		// In no other form either.
		assertThat(this.shown).noneMatch((text) -> text.contains(MARK));
	}

	private String key(String name) {
		String key = "canary-" + name + "-" + MARK;
		this.keys.add(key);
		return key;
	}

	private String word(String name) {
		String word = "said-" + name + "-" + MARK;
		this.words.add(word);
		return word;
	}

	/** As much as a configuration for production can show. */
	private static void talkative(Map<String, String> properties) {
		properties.put("management.endpoints.web.exposure.include", "*");
		properties.put("management.endpoint.env.show-values", "always");
		properties.put("management.endpoint.configprops.show-values", "always");
		properties.put("management.endpoint.health.show-details", "always");
		properties.put("logging.level.dev.llmproxy", "trace");
		properties.put("logging.level.llm-proxy", "trace");
		properties.put("llm-proxy.access-log.enabled", "true");
		properties.put("logging.structured.format.console", "ecs");
		properties.put("llm-proxy.cache.enabled", "true");
		properties.put("llm-proxy.limits.rules.each.per", "key,model");
		properties.put("llm-proxy.limits.rules.each.requests", "1000");
		properties.put("llm-proxy.web.max-body-size", "4KB");
	}

	private void callers(Map<String, String> properties, Path file) {
		properties.put("llm-proxy.access.keys[1].id", "one");
		properties.put("llm-proxy.access.keys[1].key", key("caller"));
		properties.put("llm-proxy.access.keys[2].id", "two");
		properties.put("llm-proxy.access.keys[2].key-file", file.toString());
		properties.put("LLM_PROXY_API_KEY", key("caller-env"));
		properties.put("LLM_PROXY_API_KEYS", key("caller-list") + "," + key("caller-list-2"));
	}

	private void providers(Map<String, String> properties, Path file) {
		properties.put("llm-proxy.providers.up.api-key", key("provider"));
		properties.put("llm-proxy.providers.up.api-keys[0]", key("provider-list"));
		properties.put("llm-proxy.providers.up.headers.x-private", key("provider-header"));
		properties.put("llm-proxy.providers.filed.type", "openai-compatible");
		properties.put("llm-proxy.providers.filed.base-url", "http://127.0.0.1:1/v1");
		properties.put("llm-proxy.providers.filed.models", "none");
		properties.put("llm-proxy.providers.filed.api-key-file", file.toString());
		for (String type : List.of("azure", "anthropic", "gemini", "bedrock")) {
			properties.put("llm-proxy.providers." + type + ".base-url", "http://127.0.0.1:1/v1");
			properties.put("llm-proxy.providers." + type + ".models", "none");
			properties.put("llm-proxy.providers." + type + ".api-key", key(type));
		}
		properties.put("llm-proxy.providers.bedrock.region", "eu-central-1");
	}

	/** Credentials of vendors and of Spring Boot's own, wherever these look for them. */
	private void environment(Map<String, String> properties) {
		for (String name : List.of("OPENAI_API_KEY", "AZURE_OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY",
				"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_BEARER_TOKEN_BEDROCK", "HF_TOKEN",
				"spring.data.redis.password", "spring.datasource.password", "spring.mail.password",
				"management.otlp.metrics.export.headers.authorization",
				"management.opentelemetry.tracing.export.otlp.headers.authorization", "webhook.secret")) {
			properties.put(name, key(name));
		}
		properties.put("spring.data.redis.url", "redis://user:" + key("redis-url") + "@127.0.0.1:1");
	}

	private String answer() {
		return """
				{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":\
				{"role":"assistant","content":"%s","tool_calls":[{"id":"t","type":"function","function":\
				{"name":"f","arguments":"{\\"a\\":\\"%s\\"}"}}]},"finish_reason":"stop"}],\
				"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""".formatted(word("answer"),
				word("answer-arguments"));
	}

	private String request(boolean stream) {
		return """
				{"model":"up/m","stream":%s,"user":"%s","metadata":{"k":"%s"},"messages":[\
				{"role":"system","content":"%s"},{"role":"user","content":[{"type":"text","text":"%s"}]},\
				{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function","function":\
				{"name":"f","arguments":"{\\"a\\":\\"%s\\"}"}}]},\
				{"role":"tool","tool_call_id":"t","content":"%s"}],\
				"tools":[{"type":"function","function":{"name":"f","description":"%s","parameters":{}}}]}""".formatted(
				stream, word("body-user"), word("metadata"), word("system"), word("prompt"), word("arguments"),
				word("tool-result"), word("tool-description"));
	}

	private Map<String, String> headers(String key) {
		return Map.of("authorization", "Bearer " + key, "content-type", "application/json", "x-mine", word("header"),
				"cookie", "session=" + key("cookie"), "llm-proxy-metadata", "{\"tenant\":\"" + word("tenant") + "\"}",
				"proxy-authorization", "Basic " + key("proxy"));
	}

	private RawResponse ask(TestServer server, String key, boolean stream) {
		try (RawHttpClient client = server.client()) {
			RawResponse response = client.post("/v1/chat/completions", headers(key), request(stream));
			this.answers.add(response.toString() + response.text());
			return response;
		}
	}

	private void stream(TestServer server, ScriptedUpstream upstream) {
		upstream.enqueue(Script.sse(List.of(chunk("null"), chunk("\"stop\""), "[DONE]")));
		assertThat(ask(server, key("caller"), true).text()).contains(word("streamed"));
		// In another dialect, by way of the canonical model.
		upstream.enqueue(Script.json(200, answer()));
		try (RawHttpClient client = server.client()) {
			this.answers.add(client
				.post("/v1/messages", headers(key("caller")),
						"{\"model\":\"up/m\",\"max_tokens\":5,\"system\":\"" + word("system")
								+ "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + word("translated") + "\"}]}")
				.text());
		}
	}

	private String chunk(String finish) {
		return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
				+ "\"delta\":{\"content\":\"" + word("streamed") + "\"},\"finish_reason\":" + finish + "}]}";
	}

	/** Providers that repeat what they got. */
	private void fail(TestServer server, ScriptedUpstream upstream) {
		upstream.answerWith((request) -> Script.script()
			.status(401)
			.header("x-echo", key("provider"))
			.body("{\"error\":{\"message\":\"Incorrect API key provided: " + key("provider") + "\",\"code\":\""
					+ key("provider") + "\"}}"));
		assertThat(ask(server, key("caller"), false).status()).isEqualTo(502);
		upstream.answerWith((request) -> Script.json(500, "{\"error\":{\"message\":\"no answer to " + word("prompt")
				+ "\",\"code\":\"no good code: " + word("code") + "\"}}"));
		ask(server, key("caller"), false);
		upstream.answerWith((request) -> Script.json(200, "{\"" + word("garbage") + "\": oops"));
		ask(server, key("caller"), false);
		upstream.answerWith((request) -> Script.sse(List.of(chunk("null"), "{" + word("garbage"))));
		ask(server, key("caller"), true);
	}

	/** Requests that go wrong, with a key in them. */
	private void refuse(TestServer server) {
		String key = "Authorization: Bearer " + key("caller") + "\r\nx-api-key: " + key("x-api-key")
				+ "\r\nx-goog-api-key: " + key("x-goog-api-key") + "\r\napi-key: " + key("api-key") + "\r\n";
		String post = "POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\n" + key;
		for (String request : List.of("GET /v1/models HTTP/1.1\r\n" + key + "\r\n",
				"GET /v1/models?key=" + key("query") + " HTTP/1.1\r\nHost: h\r\n\r\n",
				"GET /nothing?key=" + key("query") + " HTTP/1.1\r\nHost: h\r\n" + key + "\r\n",
				"GET /v1/models HTTP/1.1\r\nHost: h\r\n" + key + " folded\r\n\r\n",
				"GET /v1/models/%zz?key=" + key("query") + " HTTP/1.1\r\nHost: h\r\n" + key + "\r\n",
				"GET /a;b?key=" + key("query") + " HTTP/1.1\r\nHost: h\r\n" + key + "\r\n",
				"GET /swagger-ui.html HTTP/1.1\r\nHost: h\r\nAuthorization: Basic "
						+ Base64.getEncoder().encodeToString(("u:" + key("basic")).getBytes(UTF_8)) + "\r\n\r\n",
				post + "Content-Length: 3\r\n\r\n{x}", post + "Content-Length: 1000000\r\n\r\n",
				post + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\n{", post + "Content-Length: "
						+ (word("broken").length() + 13) + "\r\n\r\n{\"messages\":\"" + word("broken"))) {
			try (RawHttpClient client = server.client()) {
				this.answers.add(client.send(request).readResponse(PATIENCE).toString());
			}
		}
		assertThat(ask(server, key("wrong"), false).status()).isEqualTo(401);
		try (RawHttpClient client = server.client()) {
			this.answers.add(
					client
						.post("/v1/chat/completions", headers(key("caller")),
								"{\"model\":\"nobody/m\",\"messages\":[{\"role\":\"user\",\"content\":\""
										+ word("prompt") + "\"}]}")
						.toString());
			this.answers.add(
					client
						.post("/v1/embeddings", headers(key("caller")),
								"{\"model\":\"up/m\",\"input\":\"" + word("embedded") + "\"}")
						.toString());
			this.answers
				.add(client.get("/providers/up/files?key=" + word("path-query"), headers(key("caller"))).text());
		}
	}

	private void cancel(TestServer server, ScriptedUpstream upstream, CapturedOutput output) {
		Gate gate = new Gate();
		upstream.enqueue(Script.sseHead().event(chunk("null")).gate(gate).endChunked());
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", headers(key("caller")), request(true));
			client.readHead(PATIENCE);
			client.readEvent(PATIENCE);
			client.reset();
			Awaitility.await().until(() -> output.getAll().contains("cancelled chat up/m"));
		}
		finally {
			gate.open();
		}
	}

	/** Every endpoint that there is, and what it says of each property. */
	private void actuator(TestServer server) {
		Set<String> seen = new LinkedHashSet<>();
		for (String path : server.context().getBean(PathMappedEndpoints.class).getAllPaths()) {
			String id = path.substring(path.lastIndexOf('/') + 1);
			// Streams never end; what they tell is told by an endpoint without the word,
			// and
			// events are looked at by a test of their own.
			if (!id.equals(HEAP) && !id.contains("stream") && !id.equals("llmevents")) {
				seen.add(id);
				this.shown.add(show(server, path));
			}
		}
		for (String property : List.of("llm-proxy.access.keys[1].key", "llm-proxy.providers.up.api-key",
				"llm-proxy.providers.up.headers.x-private", "AWS_SECRET_ACCESS_KEY", "spring.data.redis.url")) {
			this.shown.add(show(server, "/actuator/env/" + property.replace("[", "%5B").replace("]", "%5D")));
		}
		this.shown.add(show(server, "/actuator/llmroutes/up"));
		assertThat(seen).contains("env", "configprops", "beans", "conditions", "mappings", "metrics", "prometheus",
				"loggers", "threaddump", "health", "info", "llmproviders", "llmroutes", "llmbreakers", "llmlimits",
				"llmcache", "llmmemory", "llmmodels", "llmreload", "llmusage", "llmstatus");
	}

	private static String show(TestServer server, String path) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			return client.send("GET", path, Map.of(), new byte[0]).readResponse(Duration.ofSeconds(30)).text();
		}
		catch (AssertionError ex) {
			throw new AssertionError("No answer to " + path, ex);
		}
	}

	private static List<String> describe(ConfigurableApplicationContext context) {
		return ConfigurationPropertiesBean.getAll(context)
			.values()
			.stream()
			.filter((bean) -> bean.getName().startsWith("llm-proxy"))
			.map((bean) -> String.valueOf(bean.getInstance()))
			.toList();
	}

}
