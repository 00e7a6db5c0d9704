package dev.llmproxy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.SseEvent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Plugins that are compiled, packed, and put into the folder of a whole server. */
class PluginsTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String ANSWER = """
			{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":\
			{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,\
			"completion_tokens":1,"total_tokens":2}}""";

	private static final String CHUNK = """
			{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":\
			{"content":"%s"},"finish_reason":null}]}""";

	/** Does what its configuration says, in a filter. */
	private static final String ODD = """
			package com.example.odd;

			import java.util.concurrent.CountDownLatch;
			import dev.llmproxy.gateway.*;
			import dev.llmproxy.plugin.*;
			import org.springframework.core.io.buffer.DataBuffer;
			import org.springframework.http.HttpHeaders;
			import reactor.core.publisher.*;

			public final class Odd implements LlmProxyPlugin {

				public void configure(PluginParts parts) {
					String what = parts.config().get("what");
					parts.add(LlmFilter.class, (request, next) -> act(what, request, next));
				}

				static Mono<LlmResponse> act(String what, LlmRequest request, LlmHandler next) {
					return switch (what) {
						case "throws" -> throw new IllegalStateException("a prompt, perhaps");
						case "stalls" -> Mono.never();
						case "blocks" -> { sleep(); yield next.handle(request); }
						case "nothing" -> Mono.empty();
						case "null" -> null;
						case "linkage" -> throw new NoClassDefFoundError("gone");
						case "throws-after" -> next.handle(request).map((response) -> {
							throw new IllegalStateException("late");
						});
						case "stalls-after" -> next.handle(request).flatMap((response) -> Mono.never());
						case "marks" -> next.handle(request).map((response) -> {
							HttpHeaders headers = new HttpHeaders();
							headers.putAll(response.headers());
							headers.set("x-odd", "was here");
							return response.withHeaders(headers);
						});
						default -> next.handle(request).map((response) -> mapped(what, response));
					};
				}

				static LlmResponse mapped(String what, LlmResponse response) {
					if (!(response.body() instanceof ResponseBody.Wire wire)) {
						return response;
					}
					Flux<DataBuffer> content = wire.content().index().concatMap((frame) -> {
						if (frame.getT1() == 0) {
							return Mono.just(frame.getT2());
						}
						switch (what) {
							case "stream-throws" -> throw new IllegalStateException("midway");
							case "stream-stalls" -> { return Mono.never(); }
							case "stream-blocks" -> sleep();
							default -> { }
						}
						return Mono.just(frame.getT2());
					});
					return response.withBody(new ResponseBody.Wire(wire.dialect(), wire.framing(), wire.mediaType(),
							content));
				}

				static void sleep() {
					try {
						new CountDownLatch(1).await();
					}
					catch (InterruptedException ex) {
						throw new IllegalStateException(ex);
					}
				}
			}
			""";

	/** Has a library of its own, whose version it tells. */
	private static final String VERSIONED = """
			package com.example.%1$s;

			import dev.llmproxy.gateway.*;
			import dev.llmproxy.plugin.*;
			import org.springframework.http.HttpHeaders;

			public final class Versioned implements LlmProxyPlugin {

				public void configure(PluginParts parts) {
					parts.add(LlmFilter.class, (request, next) -> next.handle(request).map((response) -> {
						HttpHeaders headers = new HttpHeaders();
						headers.putAll(response.headers());
						headers.set("x-%1$s", com.acme.Library.version() + caffeine());
						return response.withHeaders(headers);
					}));
				}

				private static String caffeine() {
					try {
						Class.forName("com.github.benmanes.caffeine.cache.Caffeine");
						return " and the server's";
					}
					catch (ClassNotFoundException ex) {
						return "";
					}
				}
			}
			""";

	private static final String LIBRARY = """
			package com.acme;

			public final class Library {
				public static String version() {
					return "%s";
				}
			}
			""";

	@TempDir
	private Path folder;

	private ScriptedUpstream upstream;

	@BeforeEach
	void start() {
		this.upstream = ScriptedUpstream.start();
		this.upstream.answerWith(PluginsTest::answer);
	}

	private static Script answer(RecordedRequest request) {
		return request.json().at("/stream").asBoolean(false)
				? Script.sse(List.of(CHUNK.formatted("one"), CHUNK.formatted("two"), "[DONE]"))
				: Script.json(200, ANSWER);
	}

	@AfterEach
	void stop() {
		this.upstream.close();
	}

	private TestServer server(Map<String, String> more) {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.plugins.directory", this.folder.toString());
		properties.put("management.endpoints.web.exposure.include", "health,llmplugins");
		properties.putAll(more);
		return TestServer.withUpstream(this.upstream.url(), properties);
	}

	private String odd() {
		return PluginJar.named("odd", "com.example.odd.Odd")
			.source("com.example.odd.Odd", ODD)
			.writeTo(this.folder.resolve("odd.jar"));
	}

	private TestServer odd(String what, String policy) {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.plugins.allowed.odd.sha256", odd());
		properties.put("llm-proxy.plugins.allowed.odd.deadline", "200ms");
		properties.put("llm-proxy.plugins.allowed.odd.on-error", policy);
		properties.put("llm-proxy.plugins.allowed.odd.config.what", what);
		return server(properties);
	}

	private static RawResponse ask(TestServer server) {
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", TestServer.headers(), request(false));
		}
	}

	private static List<SseEvent> stream(TestServer server) {
		try (RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request(true)).readHead(PATIENCE);
			return client.readEvents(PATIENCE);
		}
	}

	private static String request(boolean stream) {
		return "{\"model\":\"up/m\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
	}

	@Test
	void aFilterActsAndIsListed() {
		try (TestServer server = odd("marks", "fail")) {
			RawResponse answer = ask(server);
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.header("x-odd")).isEqualTo("was here");
			assertThat(stream(server)).hasSize(3);
			try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
				RawResponse listed = client.get("/actuator/llmplugins", Map.of());
				assertThat(listed.json().at("/plugins/0/name").asString()).isEqualTo("odd");
				assertThat(listed.json().at("/plugins/0/version").asString()).isEqualTo("1.2.3");
				assertThat(listed.text()).doesNotContain("marks");
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "throws, plugin_failed", "null, plugin_failed", "nothing, plugin_failed", "linkage, plugin_failed",
			"stalls, plugin_timeout", "blocks, plugin_timeout", "throws-after, plugin_failed",
			"stalls-after, plugin_timeout" })
	void failsTheCall(String what, String code) {
		try (TestServer server = odd(what, "fail")) {
			RawResponse answer = ask(server);
			assertThat(answer.status()).isEqualTo(500);
			assertThat(answer.json().at("/error/code").asString()).isEqualTo(code);
			assertThat(answer.text()).contains("'odd'").doesNotContain("prompt");
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "throws", "null", "nothing", "linkage", "stalls", "blocks", "throws-after", "stalls-after" })
	void isSkipped(String what) {
		try (TestServer server = odd(what, "skip")) {
			assertThat(ask(server).status()).isEqualTo(200);
			assertThat(stream(server)).extracting(SseEvent::data).last().isEqualTo("[DONE]");
			assertThat(this.upstream.requests()).hasSize(2);
		}
	}

	@ParameterizedTest
	@CsvSource({ "stream-throws, fail", "stream-stalls, fail", "stream-blocks, fail", "stream-throws, skip" })
	void aStreamEndsWithAnErrorWhereItBrokeIt(String what, String policy) {
		CountDownLatch read = new CountDownLatch(1);
		this.upstream
			.enqueue(Script.sseHead().event(CHUNK.formatted("one")).await(read).event(CHUNK.formatted("two")).stall());
		try (TestServer server = odd(what, policy); RawHttpClient client = server.client()) {
			client.sendPost("/v1/chat/completions", TestServer.headers(), request(true)).readHead(PATIENCE);
			assertThat(client.readEvent(PATIENCE)).isNotNull().extracting(SseEvent::data).asString().contains("one");
			read.countDown();
			List<SseEvent> rest = client.readEvents(PATIENCE);
			assertThat(rest.get(0).data()).contains("'odd'").contains("plugin_");
			assertThat(rest).extracting(SseEvent::data).noneMatch((data) -> data.contains("two"));
			this.upstream.awaitPeerClosed(PATIENCE);
			// Others are not held up by it.
			assertThat(ask(server).status()).isEqualTo(200);
		}
	}

	@Test
	void aStreamMayPauseForLongerThanThePluginMay() {
		this.upstream.enqueue(Script.sseHead()
			.event(CHUNK.formatted("one"))
			.delay(Duration.ofMillis(700))
			.event(CHUNK.formatted("two"))
			.event("[DONE]")
			.endChunked());
		try (TestServer server = odd("stream-passes", "fail")) {
			assertThat(stream(server)).extracting(SseEvent::data).last().isEqualTo("[DONE]");
		}
	}

	@Test
	void aCallerThatLeavesIsNoticedBehindAPlugin() {
		this.upstream.enqueue(Script.sseHead().event(CHUNK.formatted("one")).stall());
		try (TestServer server = odd("stream-passes", "fail")) {
			try (RawHttpClient client = server.client()) {
				client.sendPost("/v1/chat/completions", TestServer.headers(), request(true)).readHead(PATIENCE);
				assertThat(client.readEvent(PATIENCE)).isNotNull();
			}
			this.upstream.awaitPeerClosed(PATIENCE);
		}
	}

	@Test
	void thePluginOfTheGuideWorksAsItStandsThere() throws IOException {
		String guide = Files.readString(Path.of("..", "src-docs", "plugins.md"));
		String source = guide.substring(guide.indexOf("```java\n") + 8);
		String checksum = PluginJar.named("greeter", "com.example.greeter.Greeter")
			.source("com.example.greeter.Greeter", source.substring(0, source.indexOf("```")))
			.writeTo(this.folder.resolve("greeter-1.0.jar"));
		try (TestServer server = server(Map.of("llm-proxy.plugins.allowed.greeter.sha256", checksum,
				"llm-proxy.plugins.allowed.greeter.config.greeting", "Good morning"))) {
			assertThat(ask(server).header("x-greeting")).isEqualTo("Good morning, test");
		}
	}

	@Test
	void aListenerHearsOfEvents() throws IOException {
		Path heard = this.folder.resolve("heard.txt");
		String checksum = PluginJar.named("ear", "com.example.ear.Ear").source("com.example.ear.Ear", """
				package com.example.ear;

				import dev.llmproxy.event.GatewayEvent;
				import dev.llmproxy.plugin.*;
				import java.io.IOException;
				import java.nio.file.*;
				import org.springframework.context.*;

				public final class Ear implements LlmProxyPlugin,
						ApplicationListener<PayloadApplicationEvent<GatewayEvent.CallEnded>> {

					private Path file;

					public void configure(PluginParts parts) {
						this.file = Path.of(parts.config().get("file"));
						parts.add(ApplicationListener.class, this);
					}

					public void onApplicationEvent(PayloadApplicationEvent<GatewayEvent.CallEnded> event) {
						try {
							Files.writeString(this.file, event.getPayload().model());
						}
						catch (IOException ex) {
							throw new IllegalStateException(ex);
						}
					}
				}
				""").writeTo(this.folder.resolve("ear.jar"));
		try (TestServer server = server(Map.of("llm-proxy.plugins.allowed.ear.sha256", checksum,
				"llm-proxy.plugins.allowed.ear.config.file", heard.toString()))) {
			ask(server);
			Awaitility.await()
				.atMost(PATIENCE)
				.untilAsserted(() -> assertThat(heard).exists().content().isEqualTo("up/m"));
		}
	}

	@Test
	void librariesOfTwoPluginsDoNotMeet() {
		String one = PluginJar.named("one", "com.example.one.Versioned")
			.source("com.example.one.Versioned", VERSIONED.formatted("one"))
			.source("com.acme.Library", LIBRARY.formatted("1.0"))
			.writeTo(this.folder.resolve("one.jar"));
		String two = PluginJar.named("two", "com.example.two.Versioned")
			.source("com.example.two.Versioned", VERSIONED.formatted("two"))
			.source("com.acme.Library", LIBRARY.formatted("2.0"))
			.writeTo(this.folder.resolve("two.jar"));
		try (TestServer server = server(
				Map.of("llm-proxy.plugins.allowed.one.sha256", one, "llm-proxy.plugins.allowed.two.sha256", two))) {
			RawResponse answer = ask(server);
			assertThat(answer.header("x-one")).isEqualTo("1.0");
			assertThat(answer.header("x-two")).isEqualTo("2.0");
		}
	}

	@Test
	void aProviderTakesPart() {
		String checksum = PluginJar.named("echo", "com.example.echo.Echo").source("com.example.echo.Echo", """
				package com.example.echo;

				import dev.llmproxy.dialect.Dialect;
				import dev.llmproxy.gateway.*;
				import dev.llmproxy.plugin.*;
				import dev.llmproxy.provider.*;
				import java.nio.charset.StandardCharsets;
				import org.springframework.http.HttpHeaders;
				import reactor.core.publisher.Mono;

				public final class Echo implements LlmProxyPlugin, Provider {

					public void configure(PluginParts parts) {
						parts.add(Provider.class, this);
					}

					public String name() {
						return "echo";
					}

					public boolean supports(Operation operation, Dialect dialect) {
						return operation == Operation.CHAT && dialect.equals(Dialect.OPENAI);
					}

					public Mono<LlmResponse> execute(Attempt attempt) {
						if (attempt.target().model().equals("broken")) {
							throw new IllegalStateException();
						}
						byte[] body = "{\\"id\\":\\"c\\",\\"object\\":\\"chat.completion\\",\\"choices\\":[]}"
							.getBytes(StandardCharsets.UTF_8);
						return Mono.just(new LlmResponse(200, HttpHeaders.EMPTY,
								new ResponseBody.Json(Dialect.OPENAI, body), new Outcome()));
					}
				}
				""").writeTo(this.folder.resolve("echo.jar"));
		try (TestServer server = server(Map.of("llm-proxy.plugins.allowed.echo.sha256", checksum,
				"llm-proxy.aliases.both", "echo/broken,up/m"))) {
			try (RawHttpClient client = server.client()) {
				assertThat(client
					.post("/v1/chat/completions", TestServer.headers(), request(false).replace("up/m", "echo/any"))
					.text()).isEqualTo("{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[]}");
				assertThat(client
					.post("/v1/chat/completions", TestServer.headers(), request(false).replace("up/m", "both"))
					.text()).contains("Hello");
			}
		}
	}

	@Test
	void whatNobodyAllowedIsRefusedAndTheLineIsTold() {
		String checksum = odd();
		assertThatThrownBy(() -> server(Map.of()).close()).hasMessageContaining("nobody has allowed")
			.extracting("action")
			.asString()
			.contains("llm-proxy.plugins.allowed.odd.sha256: " + checksum);
	}

	@Test
	void anotherJarThanTheOneThatWasAllowedIsRefused() {
		odd();
		assertThatThrownBy(() -> server(Map.of("llm-proxy.plugins.allowed.odd.sha256", "0".repeat(64))).close())
			.hasMessageContaining("its checksum is another");
	}

	@ParameterizedTest
	@ValueSource(strings = { "2.0", "1.1", "0.9", "one" })
	void anotherApiIsRefused(String api) {
		String checksum = PluginJar.named("odd", "com.example.odd.Odd")
			.source("com.example.odd.Odd", ODD)
			.manifest("LLM-Proxy-Plugin-Api", api)
			.writeTo(this.folder.resolve("odd.jar"));
		assertThatThrownBy(() -> server(Map.of("llm-proxy.plugins.allowed.odd.sha256", checksum)).close())
			.hasMessageContaining("is written against the API " + api);
	}

	@Test
	void whatWouldLoadMoreThanWasCheckedIsRefused() {
		String checksum = PluginJar.named("odd", "com.example.odd.Odd")
			.source("com.example.odd.Odd", ODD)
			.manifest("Class-Path", "more.jar")
			.writeTo(this.folder.resolve("odd.jar"));
		assertThatThrownBy(() -> server(Map.of("llm-proxy.plugins.allowed.odd.sha256", checksum)).close())
			.hasMessageContaining("Class-Path");
	}

	@Test
	void whatIsAllowedHasToBeThereUnlessItIsDisabled() {
		assertThatThrownBy(() -> server(Map.of("llm-proxy.plugins.allowed.gone.sha256", "0".repeat(64))).close())
			.hasMessageContaining("there is no jar of [gone]");
		odd();
		try (TestServer server = server(Map.of("llm-proxy.plugins.allowed.odd.enabled", "false"))) {
			assertThat(ask(server).status()).isEqualTo(200);
		}
	}

}
