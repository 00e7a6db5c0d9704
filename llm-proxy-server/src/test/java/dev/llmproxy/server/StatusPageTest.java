package dev.llmproxy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.server.browser.BrowserPage;
import dev.llmproxy.server.browser.Chromium;
import dev.llmproxy.server.browser.SmallImage;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.fake.FakeProvider;
import dev.llmproxy.testkit.fake.Fakes;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** The status page in a real browser, of a server that has something to do. */
@Tag("once")
@TestMethodOrder(OrderAnnotation.class)
class StatusPageTest {

	private static final Path IMAGES = Path.of("..", "src-docs", "images");

	private static final String HOSTILE = "<img src=x onerror=window.ran=1>";

	private static final FakeProvider OPENAI = Fakes.openAi();

	private static final FakeProvider ANTHROPIC = Fakes.anthropic();

	private static Chromium chromium;

	private static TestServer server;

	@BeforeAll
	static void start() {
		chromium = Chromium.start();
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "openai", "openai", OPENAI.url() + "/v1", OPENAI.apiKey());
		provider(properties, "claude", "anthropic", ANTHROPIC.url() + "/v1", ANTHROPIC.apiKey());
		provider(properties, "gpu-1", "openai-compatible", "http://127.0.0.1:9/v1", "none-0123456789");
		properties.put("llm-proxy.routes.fast.targets[0].model", "gpu-1/llama-3.3-70b");
		properties.put("llm-proxy.routes.fast.targets[1].model", "openai/gpt-4.1-mini");
		properties.put("llm-proxy.routes.smart.strategy", "weighted");
		properties.put("llm-proxy.routes.smart.targets[0].model", "claude/claude-sonnet-4-5");
		properties.put("llm-proxy.routes.smart.targets[1].model", "openai/gpt-4.1");
		properties.put("llm-proxy.simulator.enabled", "true");
		properties.put("llm-proxy.simulator.first-token-delay", "20ms");
		properties.put("llm-proxy.cache.enabled", "true");
		properties.put("llm-proxy.limits.rules.per-key.per", "key");
		properties.put("llm-proxy.limits.rules.per-key.requests", "100000");
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("management.endpoints.web.exposure.include", "prometheus,llmstatus");
		server = TestServer.start(properties);
	}

	private static void provider(Map<String, String> properties, String name, String type, String url, String key) {
		String prefix = "llm-proxy.providers." + name + ".";
		properties.put(prefix + "type", type);
		properties.put(prefix + "base-url", url);
		properties.put(prefix + "api-key", key);
	}

	@AfterAll
	static void stop() {
		if (server != null) {
			server.close();
		}
		if (chromium != null) {
			chromium.close();
		}
		OPENAI.close();
		ANTHROPIC.close();
	}

	@Test
	@Order(1)
	void saysThatNothingHasHappenedYet() {
		try (BrowserPage page = open("light")) {
			assertThat(page.text("sentence")).isEqualTo("Ready. No calls in the last hour.");
			assertThat(page.text("v-requests")).isEqualTo("0");
			assertThat(page.text("v-latency")).isEqualTo("–");
			assertThat(page.text("errors")).contains("No calls in the last 5 minutes.");
			assertThat(page.text("providers")).contains("claude", "openai", "simulator", "No calls yet");
			assertThat(page.text("routes")).contains("fast", "smart").doesNotContain("NaN", "undefined", "null");
			assertThat(page.problems()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "light", "dark" })
	@Order(2)
	void showsWhatTheMetricsSayWithoutAReload(String scheme) {
		try (BrowserPage page = open(scheme)) {
			page.evaluate("window.marker = 'still here'");
			load(scheme);
			patiently().untilAsserted(() -> {
				JsonNode traffic = status().at("/traffic/sinceStart");
				assertThat(status().at("/traffic/active").asLong()).isZero();
				assertThat(page.text("v-requests")).isEqualTo(count(traffic.path("requests").asLong()));
				assertThat(page.text("v-tokens"))
					.isEqualTo(count(traffic.path("inputTokens").asLong() + traffic.path("outputTokens").asLong()));
			});
			JsonNode traffic = status().path("traffic");
			assertThat(page.text("n-errors")).startsWith(traffic.at("/sinceStart/failed").asLong() + " failed");
			assertSameAsPrometheus(page, traffic);
			assertThat(page.text("sentence")).contains("gpu-1 is down");
			assertThat(page.text("targets")).contains("gpu-1/llama-3.3-70b", "Open");
			assertThat(page.text("errors")).contains("Upstream");
			assertThat(page.evaluate("window.marker").asString()).isEqualTo("still here");
			assertThat(page.problems()).isEmpty();
			assertThat(page.requests()).isNotEmpty()
				.allMatch((url) -> url.startsWith("http://127.0.0.1:" + server.managementPort() + "/actuator/llmstatus")
						|| url.startsWith("data:image/svg+xml"));
			assertReadable(page, scheme);
		}
	}

	private static void assertSameAsPrometheus(BrowserPage page, JsonNode traffic) {
		String scrape = manage("/actuator/prometheus").text();
		double attempts = sum(scrape, "gen_ai_client_operation_duration_seconds_count\\{.*");
		long counted = 0;
		for (JsonNode provider : traffic.path("providers")) {
			counted += provider.at("/hour/requests").asLong();
		}
		assertThat(counted).isEqualTo((long) attempts).isPositive();
		long hits = (long) sum(scrape, "llm_proxy_cache_requests_total\\{.*outcome=\"hit\".*");
		assertThat(hits).isPositive();
		assertThat(traffic.at("/hour/cache/hit").asLong()).isEqualTo(hits);
		assertThat(page.evaluate("document.querySelector('#cache dd').textContent").asString()).isEqualTo(count(hits));
		assertThat(traffic.at("/hour/inputTokens").asDouble())
			.isEqualTo(sum(scrape, "gen_ai_client_token_usage.*_sum\\{.*token_type=\"input\".*"));
		assertThat(traffic.at("/hour/outputTokens").asDouble())
			.isEqualTo(sum(scrape, "gen_ai_client_token_usage.*_sum\\{.*token_type=\"output\".*"));
		assertThat(traffic.at("/hour/nanoUsd").asLong()).isPositive();
		assertThat(page.text("n-spend")).contains(" today");
		if (scrape.contains("llm_proxy_requests_total{")) {
			assertThat(traffic.at("/hour/requests").asDouble()).isEqualTo(sum(scrape, "llm_proxy_requests_total\\{.*"));
			assertThat(traffic.at("/hour/failed").asDouble())
				.isEqualTo(sum(scrape, "llm_proxy_requests_total\\{.*outcome=\"(failed|broken)\".*"));
		}
		if (scrape.contains("llm_proxy_cost_usd_total{")) {
			assertThat(traffic.at("/hour/nanoUsd").asLong())
				.isEqualTo(Math.round(1e9 * sum(scrape, "llm_proxy_cost_usd_total\\{.*")));
		}
	}

	private static void assertReadable(BrowserPage page, String scheme) {
		String background = page.evaluate("getComputedStyle(document.body).backgroundColor").asString();
		assertThat(background).isEqualTo(scheme.equals("dark") ? "rgb(16, 19, 23)" : "rgb(245, 246, 248)");
		// Every table can be read aloud, and every number is text.
		assertThat(page
			.evaluate("[...document.querySelectorAll('table')].every((table) => table.caption"
					+ " && [...table.querySelectorAll('thead th')].every((th) => th.scope === 'col')"
					+ " && [...table.querySelectorAll('tbody th')].every((th) => th.scope === 'row'))")
			.asBoolean()).isTrue();
		assertThat(page.evaluate("document.body.innerText.match(/NaN|undefined|null|\\[object/)").isNull()).isTrue();
		page.size(390, 800);
		assertThat(page.evaluate("document.documentElement.scrollWidth").asInt()).isLessThanOrEqualTo(390);
	}

	@Test
	@Order(3)
	void itsPictureIsInTheDocumentation() throws IOException {
		if (Boolean.getBoolean("docs.write")) {
			StatusPagePast.pretend(server);
			Files.createDirectories(IMAGES);
		}
		for (String scheme : List.of("light", "dark")) {
			Path image = IMAGES.resolve("status-" + scheme + ".png");
			if (Boolean.getBoolean("docs.write")) {
				try (BrowserPage page = open(scheme)) {
					page.evaluate("document.querySelector('input[value=hour]').click()");
					Files.write(image, SmallImage.of(page.screenshot()));
				}
			}
			assertThat(image).exists().satisfies((file) -> assertThat(Files.size(file)).isLessThan(200_000));
		}
	}

	@Test
	@Order(4)
	void namesThatAreMarkupAreTextAndThePolicyHoldsForAnythingElse() {
		ask("simulator/" + HOSTILE, "hello", false);
		try (BrowserPage page = open("dark")) {
			patiently().until(() -> page.text("routes").contains(HOSTILE));
			patiently().until(() -> page.text("targets").contains("simulator/" + HOSTILE));
			assertThat(page.evaluate("document.querySelectorAll('img').length").asInt()).isZero();
			assertThat(page.problems()).isEmpty();
			JsonNode document = page.events("Network.responseReceived").get(0).path("response");
			assertThat(header(document, "content-security-policy"))
				.contains("default-src 'none'", "script-src 'sha256-")
				.doesNotContain("unsafe");
			assertThat(header(document, "x-frame-options")).isEqualTo("DENY");
			assertThat(header(document, "set-cookie")).isEmpty();
			page.evaluate(
					"""
							window.violations = [];
							document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.effectiveDirective));
							const image = document.createElement('img');
							image.src = 'http://127.0.0.1:1/x.png';
							document.body.append(image);
							try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.ran=1>'); } catch (refused) { window.refused = 1; }
							try { const script = document.createElement('script'); script.text = 'window.ran = 1'; document.body.append(script); } catch (refused) { }
							fetch('http://127.0.0.1:1/').catch(() => {});
							0""");
			patiently().untilAsserted(() -> assertThat(page.evaluate("window.violations.join(' ')").asString())
				.contains("img-src", "connect-src", "require-trusted-types-for"));
			assertThat(page.evaluate("typeof window.ran").asString()).isEqualTo("undefined");
			assertThat(page.evaluate("window.refused").asInt()).isEqualTo(1);
		}
	}

	@Test
	@Order(5)
	void saysWhenItIsCutOffAndComesBackByItself() {
		try (BrowserPage page = open("light")) {
			page.offline(true);
			patiently().until(() -> page.evaluate("!document.getElementById('trouble').hidden").asBoolean());
			assertThat(page.text("trouble")).startsWith("The management endpoint can't be reached.");
			assertThat(page.text("live")).startsWith("Not connected since ");
			page.offline(false);
			patiently().until(() -> page.evaluate("document.getElementById('trouble').hidden").asBoolean());
			assertThat(page.text("live")).startsWith("Live");
		}
	}

	@Test
	@Order(6)
	void restsWhileNobodyLooks() {
		try (BrowserPage page = open("light")) {
			page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
					+ "document.dispatchEvent(new Event('visibilitychange')); 0");
			assertThat(page.text("live")).isEqualTo("Paused");
			page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); 0");
			patiently().until(() -> page.text("live").startsWith("Live"));
		}
	}

	@Test
	@Order(7)
	void isNotOnThePublicPort() {
		for (String path : List.of("/actuator/llmstatus", "/actuator/llmstatus/page")) {
			try (RawHttpClient client = server.client()) {
				assertThat(client.get(path, TestServer.headers()).status()).isEqualTo(404);
			}
		}
		assertThat(manage("/actuator/llmstatus/page").header("content-type")).startsWith("text/html");
		assertThat(manage("/actuator/llmstatus/other").status()).isEqualTo(404);
		assertThat(manage("/actuator/llmstatus").text()).doesNotContain(TestServer.KEY, OPENAI.apiKey(),
				ANTHROPIC.apiKey(), "none-0123456789");
	}

	private static BrowserPage open(String scheme) {
		BrowserPage page = chromium.page().prefer(scheme).size(1280, 900);
		page.open("http://127.0.0.1:" + server.managementPort() + "/actuator/llmstatus/page");
		patiently().until(() -> page.text("live").startsWith("Live"));
		return page;
	}

	/** Answers, streams, hits, fallbacks and errors, from several callers at once. */
	private static void load(String seed) {
		List<CompletableFuture<Void>> callers = new ArrayList<>();
		for (int caller = 0; caller < 3; caller++) {
			int number = caller;
			callers.add(CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 12; i++) {
					String question = seed + " " + number + " " + (i % 8);
					ask("fast", question, i % 3 == 0);
					ask("smart", question, i % 2 == 0);
					ask((i % 4 == 0) ? "simulator/error-500" : "simulator/instant", question, false);
				}
			}));
		}
		callers.forEach(CompletableFuture::join);
	}

	private static RawResponse ask(String model, String question, boolean stream) {
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", TestServer.headers(),
					"{\"model\":\"" + model + "\",\"temperature\":0,\"stream\":" + stream
							+ ",\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]}");
		}
	}

	private static JsonNode status() {
		return manage("/actuator/llmstatus").json();
	}

	private static RawResponse manage(String path) {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			return client.get(path, Map.of());
		}
	}

	private static ConditionFactory patiently() {
		return Awaitility.await().atMost(Duration.ofSeconds(20));
	}

	private static String count(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	private static double sum(String scrape, String series) {
		Matcher lines = Pattern.compile("(?m)^" + series + " (\\S+)$").matcher(scrape);
		double sum = 0;
		while (lines.find()) {
			sum += Double.parseDouble(lines.group(lines.groupCount()));
		}
		return sum;
	}

	private static String header(JsonNode response, String name) {
		for (Map.Entry<String, JsonNode> header : response.path("headers").properties()) {
			if (header.getKey().equalsIgnoreCase(name)) {
				return header.getValue().asString();
			}
		}
		return "";
	}

}
