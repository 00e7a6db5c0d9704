package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/** The gateway's paths in a real Tomcat, beside an application's own. */
class ServletFrontTest {

	private static final String KEY = "sk-test-0123456789abcdef0123456789abcdef";

	private static final int THREADS = 3;

	private static final String PATH = "/llm/v1/chat/completions";

	private static ConfigurableApplicationContext context;

	private static int port;

	private final HttpClient client = HttpClient.newHttpClient();

	@BeforeAll
	static void start() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.SERVLET);
		application
			.setDefaultProperties(Map.ofEntries(Map.entry("server.port", "0"), Map.entry("server.address", "127.0.0.1"),
					Map.entry("server.tomcat.threads.max", String.valueOf(THREADS)),
					Map.entry("llm-proxy.web.enabled", "true"), Map.entry("llm-proxy.web.base-path", "/llm"),
					Map.entry("llm-proxy.web.max-body-size", "1MB"), Map.entry("llm-proxy.detect-providers", "false"),
					Map.entry("llm-proxy.access.keys[0].id", "tester"), Map.entry("llm-proxy.access.keys[0].key", KEY),
					Map.entry("spring.security.user.password", "unguessable")));
		context = application.run();
		port = ((WebServerApplicationContext) context).getWebServer().getPort();
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@Test
	void answersInWhole() throws Exception {
		HttpResponse<String> answer = send(chat("simulator/instant", false));
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).contains("\"chat.completion\"");
		assertThat(answer.headers().firstValue("llm-proxy-provider")).hasValue("simulator");
		assertThat(answer.headers().firstValue("x-request-id")).isPresent();
	}

	@Test
	void eachFrameOfAStreamArrivesBeforeTheNextIsThere() throws Exception {
		Steps.next = new CountDownLatch(1);
		HttpResponse<InputStream> answer = this.client.send(chat("steps", true).build(), BodyHandlers.ofInputStream());
		assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
		try (InputStream body = answer.body()) {
			assertThat(readUntil(body, "one")).contains("one").doesNotContain("two");
			Steps.next.countDown();
			assertThat(readUntil(body, "[DONE]")).contains("two");
		}
	}

	@Test
	void nobodyComesInWithoutAKey() throws Exception {
		for (String path : List.of(PATH, "/llm/v1/models", "/llm/v1/messages", "/llm/providers/simulator/v1/x",
				"/llm/v1beta/models/x:generateContent")) {
			HttpResponse<String> answer = send(HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString("{}")));
			assertThat(answer.statusCode()).as(path).isEqualTo(401);
			assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
			assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
		}
		HttpResponse<String> anthropic = send(
				HttpRequest.newBuilder(uri("/llm/v1/messages")).POST(BodyPublishers.ofString("{}")));
		assertThat(anthropic.body()).contains("\"type\":\"error\"");
	}

	@Test
	void pathsThatAreReadInTwoWaysAreNobodys() throws Exception {
		for (String path : List.of("/llm/v1/%63hat/completions", "/llm/v1/chat/completions;a=b", "/llm/v1/nothing")) {
			int status = send(chat(path, "simulator/instant", false)).statusCode();
			assertThat(status).as(path).isBetween(400, 499);
		}
	}

	@Test
	void springSecurityGuardsTheOtherPathsAsBefore() throws Exception {
		HttpResponse<String> own = send(HttpRequest.newBuilder(uri("/own")));
		assertThat(own.statusCode()).isEqualTo(401);
		assertThat(send(HttpRequest.newBuilder(uri("/llm/other"))).statusCode()).isEqualTo(401);
	}

	@Test
	void longBodiesAreRefused() throws Exception {
		HttpResponse<String> answer = send(HttpRequest.newBuilder(uri(PATH))
			.header("authorization", "Bearer " + KEY)
			.POST(BodyPublishers.ofString(" ".repeat((1 << 20) + 1))));
		assertThat(answer.statusCode()).isEqualTo(413);
	}

	@Test
	void aCallerThatLeavesEndsTheCallUpstream() throws Exception {
		Endless.cancelled = new CountDownLatch(1);
		HttpResponse<InputStream> answer = this.client.send(chat("endless", true).build(),
				BodyHandlers.ofInputStream());
		readUntil(answer.body(), "word");
		answer.body().close();
		assertThat(Endless.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void callersThatDoNotReadHoldNoThread() throws Exception {
		Endless.cancelled = new CountDownLatch(2 * THREADS);
		List<InputStream> open = new ArrayList<>();
		for (int i = 0; i < 2 * THREADS; i++) {
			open.add(this.client.send(chat("endless", true).build(), BodyHandlers.ofInputStream()).body());
		}
		assertThat(send(chat("simulator/instant", false)).statusCode()).isEqualTo(200);
		for (InputStream body : open) {
			body.close();
		}
		assertThat(Endless.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
	}

	private static String readUntil(InputStream body, String end) throws IOException {
		StringBuilder read = new StringBuilder();
		byte[] bytes = new byte[4096];
		int count;
		while (read.indexOf(end) < 0 && (count = body.read(bytes)) >= 0) {
			read.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
		}
		return read.toString();
	}

	private static URI uri(String path) {
		return URI.create("http://127.0.0.1:" + port + path);
	}

	private static HttpRequest.Builder chat(String model, boolean stream) {
		return chat(PATH, model, stream);
	}

	private static HttpRequest.Builder chat(String path, String model, boolean stream) {
		return HttpRequest.newBuilder(uri(path))
			.header("authorization", "Bearer " + KEY)
			.header("content-type", "application/json")
			.POST(BodyPublishers.ofString("{\"model\": \"" + model + "\", \"stream\": " + stream
					+ ", \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}"));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Own own() {
			return new Own();
		}

		@Bean
		Steps steps() {
			return new Steps();
		}

		@Bean
		Endless endless() {
			return new Endless();
		}

	}

	@RestController
	static class Own {

		@GetMapping("/own")
		String own() {
			return "own";
		}

	}

	/** Answers in two words, the second of them when it is told to. */
	static class Steps implements LlmFilter {

		static volatile CountDownLatch next = new CountDownLatch(0);

		@Override
		public Mono<LlmResponse> filter(LlmRequest request, LlmHandler chain) {
			return request.model().equals("steps") ? Mono.just(response(events())) : chain.handle(request);
		}

		private static Flux<ChatEvent> events() {
			return Flux.concat(Flux.just(new ChatEvent.Started("id", "steps", 1), new ChatEvent.TextDelta(0, "one")),
					Mono.<ChatEvent>fromCallable(() -> {
						next.await();
						return new ChatEvent.TextDelta(0, "two");
					}).subscribeOn(Schedulers.boundedElastic()),
					Flux.just(new ChatEvent.Finished(0, FinishReason.STOP, null)));
		}

	}

	/** Answers as much as is asked for. */
	static class Endless implements LlmFilter {

		static volatile CountDownLatch cancelled = new CountDownLatch(0);

		@Override
		public Mono<LlmResponse> filter(LlmRequest request, LlmHandler chain) {
			return request.model().equals("endless") ? Mono.just(response(events())) : chain.handle(request);
		}

		private static Flux<ChatEvent> events() {
			CountDownLatch told = cancelled;
			return Flux.<ChatEvent>generate((sink) -> {
				sink.next(new ChatEvent.TextDelta(0, "word ".repeat(200)));
			}).startWith(new ChatEvent.Started("id", "endless", 1)).doOnCancel(told::countDown);
		}

	}

	private static LlmResponse response(Flux<ChatEvent> events) {
		return new LlmResponse(200, new HttpHeaders(), new ResponseBody.Events(events), new Outcome());
	}

}
