package dev.llmproxy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.SseEvent;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Fault 70: a configuration that changes while requests are served. */
@Tag("once")
class ReloadTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final String TOKEN = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}";

	/** No file is watched, so that a test says when one is read. */
	private static final Map<String, String> UNWATCHED = Map.of("llm-proxy.reload.watch", "false");

	private ScriptedUpstream one;

	private ScriptedUpstream two;

	@TempDir
	private Path directory;

	@BeforeEach
	void start() {
		this.one = ScriptedUpstream.start().answerWith(Script.json(200, "{\"id\":\"one\",\"choices\":[]}"));
		this.two = ScriptedUpstream.start().answerWith(Script.json(200, "{\"id\":\"two\",\"choices\":[]}"));
	}

	@AfterEach
	void stop() {
		this.one.close();
		this.two.close();
	}

	@Test
	void aFileThatIsWrittenSendsTheNextRequestElsewhereAndAnOpenStreamEndsUnharmed() {
		try (ReloadedServer server = ReloadedServer.start(this.directory, ReloadedServer.yaml("one", this.one),
				Map.of())) {
			assertThat(server.ask("fast").text()).contains("\"one\"");
			Gate gate = new Gate();
			this.one.answerWith(Script.sseHead().event(TOKEN).gate(gate).event(TOKEN).event("[DONE]").endChunked());
			try (RawHttpClient stream = server.server().client()) {
				stream.sendPost("/v1/chat/completions", ReloadedServer.headers(ReloadedServer.KEY),
						ReloadedServer.request("fast", true));
				assertThat(stream.readHead(PATIENCE).status()).isEqualTo(200);
				assertThat(stream.readEvent(PATIENCE)).isNotNull();

				server.write(ReloadedServer.yaml("two", this.two));

				await().until(() -> server.ask("fast").text().contains("\"two\""));
				assertThat(this.one.openConnections()).isEqualTo(1);
				gate.open();
				assertThat(stream.readEvents(PATIENCE)).extracting(SseEvent::data).containsExactly(TOKEN, "[DONE]");
			}
			await().untilAsserted(() -> assertThat(this.one.openConnections()).isZero());
			assertThat(server.counted("applied")).isOne();
			assertThat(server.server().context().getBean(Providers.class).names()).containsExactly("two");
		}
	}

	@Test
	void limitsChangeAndWhatWasCountedStaysCounted() {
		String limits = "\nllm-proxy.limits.rules.all:\n  requests: %d\n";
		try (ReloadedServer server = ReloadedServer.start(this.directory,
				ReloadedServer.yaml("one", this.one) + limits.formatted(1), UNWATCHED)) {
			assertThat(server.ask("fast").status()).isEqualTo(200);
			assertThat(server.ask("fast").status()).isEqualTo(429);

			server.write(ReloadedServer.yaml("one", this.one) + limits.formatted(2));
			assertThat(server.reload().status()).isEqualTo(200);

			assertThat(server.ask("fast").status()).isEqualTo(200);
			assertThat(server.ask("fast").status()).isEqualTo(429);

			server.write(ReloadedServer.yaml("one", this.one) + limits.formatted(-1));
			assertThat(server.reload().text()).contains("llm-proxy.limits.rules.all");
			assertThat(server.ask("fast").status()).isEqualTo(429);

			server.write(ReloadedServer.yaml("one", this.one));
			assertThat(server.reload().status()).isEqualTo(200);
			assertThat(server.ask("fast").status()).isEqualTo(200);
		}
	}

	@Test
	void aProviderThatStaysKeepsItsConnections() {
		try (ReloadedServer server = ReloadedServer.start(this.directory, ReloadedServer.yaml("one", this.one),
				UNWATCHED)) {
			try (RawHttpClient client = server.server().client()) {
				for (String more : List.of("", ReloadedServer.provider("two", this.two),
						ReloadedServer.provider("three", this.two))) {
					server.write(ReloadedServer.yaml("one", this.one) + more);
					assertThat(server.reload().status()).isEqualTo(200);
					assertThat(client
						.post("/v1/chat/completions", ReloadedServer.headers(ReloadedServer.KEY),
								ReloadedServer.request("fast", false))
						.status()).isEqualTo(200);
				}
			}
			assertThat(server.generation()).isEqualTo(3);
			assertThat(this.one.connectionsAccepted()).isOne();
		}
	}

	@Test
	void aKeyOfAProviderThatIsReplacedInItsFileIsUsed() throws IOException {
		Path secret = this.directory.resolve("upstream.key");
		Files.writeString(secret, "old-upstream-secret");
		String yaml = ReloadedServer.yaml("one", this.one)
			.replace("api-key: upstream-secret-0123456789", "api-key-file: " + secret);
		try (ReloadedServer server = ReloadedServer.start(this.directory, yaml, Map.of())) {
			server.ask("fast");
			assertThat(this.one.takeRequest(PATIENCE).header("authorization")).isEqualTo("Bearer old-upstream-secret");

			ReloadedServer.replace(secret, "new-upstream-secret");

			await().untilAsserted(() -> assertThat(server.generation()).isEqualTo(2));
			server.ask("fast");
			assertThat(this.one.takeRequest(PATIENCE).header("authorization")).isEqualTo("Bearer new-upstream-secret");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { """
			llm-proxy:
			  aliases: { fast: "two/m
			""", """
			llm-proxy:
			  aliasses: { fast: one/m }
			""", """
			llm-proxy:
			  aliases: { fast: gone/m }
			""", """
			llm-proxy:
			  routes:
			    smart:
			      strategi: weighted
			""", """
			llm-proxy:
			  routes:
			    smart:
			      strategy: sk-not-to-be-shown
			""", """
			llm-proxy:
			  providers:
			    one: { timeouts: { idle: sk-not-to-be-shown } }
			""", """
			llm-proxy:
			  access:
			    keys:
			      - sk-not-to-be-shown
			""", "key: &anchor sk-not-to-be-shown\nother: *sk-not-to-be-shown\n",
			"spring.config.import: file:./gone.yaml\n" })
	void aBadFileLeavesTheOldConfigurationServingAndALaterGoodOneIsTakenUp(String bad) {
		try (ReloadedServer server = ReloadedServer.start(this.directory, ReloadedServer.yaml("one", this.one),
				Map.of()); Logs logs = Logs.capture()) {
			await().until(() -> server.outcome().equals("UNCHANGED"));

			server.write(bad);

			await().until(() -> server.outcome().equals("REFUSED"));
			assertThat(server.counted("refused")).isOne();
			assertThat(server.ask("fast").text()).contains("\"one\"");
			String told = server.state().text();
			assertThat(server.state().json().at("/last/problem/problem").asString()).isNotBlank();
			assertThat(server.state().json().at("/last/problem/action").asString()).isNotBlank();
			assertThat(told).doesNotContain("not-to-be-shown");
			assertThat(logs.from(Level.WARN)).hasSize(1)
				.first()
				.asString()
				.contains("was not taken up")
				.doesNotContain("not-to-be-shown");
			RawResponse again = server.reload();
			assertThat(again.status()).isEqualTo(409);
			assertThat(again.json().at("/problem/action").asString()).isNotBlank();
			assertThat(server.generation()).isOne();

			server.write(ReloadedServer.yaml("two", this.two));

			await().until(() -> server.ask("fast").text().contains("\"two\""));
			assertThat(server.generation()).isEqualTo(2);
		}
	}

	@Test
	void saysWhichPropertyOrLineIsWrong() {
		try (ReloadedServer server = ReloadedServer.start(this.directory, ReloadedServer.yaml("one", this.one),
				UNWATCHED)) {
			String good = ReloadedServer.yaml("one", this.one);
			server.write(good + "      base-urll: x\n");
			assertThat(server.reload().json().at("/problem/property").asString())
				.isEqualTo("llm-proxy.providers.one.base-urll");
			server.write(good.replace("one/m", "gone/m"));
			assertThat(server.reload().json().at("/problem/property").asString()).isEqualTo("llm-proxy.aliases[fast]");
			server.write(good.replace("    keys:\n", "    keys: [\n"));
			RawResponse broken = server.reload();
			assertThat(broken.json().at("/problem/property").asString()).contains("application.yaml");
			assertThat(broken.json().at("/problem/problem").asString()).contains("in line ");
			server.write(good.replace("first\n", "first\n        key-file: /x\n"));
			assertThat(server.reload().json().at("/problem/property").asString()).isEqualTo("llm-proxy.access.keys[0]");
		}
	}

	@Test
	void oneBadPartKeepsAllOthersAsTheyWere() {
		try (ReloadedServer server = ReloadedServer.start(this.directory, ReloadedServer.yaml("one", this.one),
				UNWATCHED)) {
			server.write(ReloadedServer.yaml("two", this.two, ReloadedServer.key("other", "too-short")));

			assertThat(server.reload().status()).isEqualTo(409);

			assertThat(server.ask("fast").text()).contains("\"one\"");
			assertThat(server.server().context().getBean(Providers.class).names()).containsExactly("one");
		}
	}

	@Test
	void aFileThatIsWrittenInPiecesIsReadWhenItIsWhole() throws IOException {
		String yaml = ReloadedServer.yaml("two", this.two);
		try (ReloadedServer server = ReloadedServer.start(this.directory, ReloadedServer.yaml("one", this.one),
				Map.of("llm-proxy.reload.quiet-period", "400ms"))) {
			Path file = this.directory.resolve("application.yaml");
			await().until(() -> server.outcome().equals("UNCHANGED"));
			Files.writeString(file, "");
			for (int end = 0; end < yaml.length(); end += 20) {
				Files.writeString(file, yaml.substring(0, end));
			}
			Files.writeString(file, yaml);

			await().until(() -> server.ask("fast").text().contains("\"two\""));

			assertThat(server.counted("refused")).isZero();
		}
	}

	@Test
	void theLastKeyIsNotTakenAwayByAccident() {
		try (ReloadedServer server = ReloadedServer.start(this.directory, ReloadedServer.yaml("one", this.one),
				UNWATCHED)) {
			server.write("llm-proxy:\n  aliases:\n    fast: one/m\n  providers:\n"
					+ ReloadedServer.provider("one", this.one));

			assertThat(server.reload().json().at("/problem/property").asString()).isEqualTo("llm-proxy.access.keys");

			assertThat(server.ask("nobody's-key-0123456789", "fast").status()).isEqualTo(401);
		}
	}

	@Test
	void followsLinksToLinksAsMountedVolumesHaveThem() throws IOException {
		Path first = Files.createDirectories(this.directory.resolve("..first"));
		Path second = Files.createDirectories(this.directory.resolve("..second"));
		Files.writeString(first.resolve("application.yaml"), ReloadedServer.yaml("one", this.one));
		Files.writeString(second.resolve("application.yaml"), ReloadedServer.yaml("two", this.two));
		Path data = Files.createSymbolicLink(this.directory.resolve("..data"), first.getFileName());
		Files.createSymbolicLink(this.directory.resolve("application.yaml"), Path.of("..data/application.yaml"));
		try (ReloadedServer server = ReloadedServer.in(this.directory, Map.of())) {
			assertThat(server.ask("fast").text()).contains("\"one\"");

			Path draft = Files.createSymbolicLink(this.directory.resolve("..data_tmp"), second.getFileName());
			Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

			await().until(() -> server.ask("fast").text().contains("\"two\""));
		}
	}

	@Test
	void secretsInATreeOfFilesAreTakenUp() throws IOException {
		Path tree = Files.createDirectories(this.directory.resolve("secrets"));
		Files.writeString(tree.resolve("caller-key"), ReloadedServer.KEY);
		String yaml = "spring.config.import: configtree:" + tree + "/\n"
				+ ReloadedServer.yaml("one", this.one, ReloadedServer.key("first", "${caller-key}"));
		try (ReloadedServer server = ReloadedServer.start(this.directory, yaml, Map.of())) {
			assertThat(server.ask("fast").status()).isEqualTo(200);

			ReloadedServer.replace(tree.resolve("caller-key"), "second-key-0123456789abcdef");

			await().until(() -> server.ask("second-key-0123456789abcdef", "fast").status() == 200);
			assertThat(server.ask("fast").status()).isEqualTo(401);
		}
	}

	@Test
	void tellsWhatChangedByNameAndWhatNeedsARestart() {
		try (ReloadedServer server = ReloadedServer.start(this.directory, ReloadedServer.yaml("one", this.one),
				UNWATCHED); Logs logs = Logs.capture()) {
			assertThat(server.reload().json().at("/outcome").asString()).isEqualTo("UNCHANGED");
			server.write(ReloadedServer.yaml("one", this.one, ReloadedServer.key("first", "another-key-0123456789"))
					+ "  web:\n    strict: true\n");

			RawResponse reloaded = server.reload();

			assertThat(reloaded.status()).isEqualTo(200);
			assertThat(reloaded.text()).doesNotContain("another-key");
			assertThat(reloaded.json().at("/outcome").asString()).isEqualTo("APPLIED");
			assertThat(reloaded.json().at("/parts").toString()).isEqualTo("[\"keys\"]");
			assertThat(reloaded.json().at("/properties").toString()).isEqualTo("[\"llm-proxy.access.keys[0].key\"]");
			assertThat(reloaded.json().at("/needsRestart").toString()).isEqualTo("[\"llm-proxy.web.strict\"]");
			assertThat(logs.from(Level.WARN)).anyMatch((line) -> line.contains("Needs a restart"));
			assertThat(server.state().json().at("/last/trigger").asString()).isEqualTo("actuator");
			try (RawHttpClient client = server.server().client()) {
				assertThat(client.post("/actuator/llmreload", ReloadedServer.headers("another-key-0123456789"), "{}")
					.status()).isEqualTo(404);
			}
		}
	}

	@Test
	void reloadsAtOnceAreDoneOneAfterTheOther() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try (ReloadedServer server = ReloadedServer.start(this.directory, ReloadedServer.yaml("one", this.one),
				UNWATCHED)) {
			// What reads requests is made on first use, behind a lock.
			server.reload();
			List<Future<RawResponse>> reloads = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				int number = i;
				reloads.add(threads.submit(() -> {
					server
						.write(ReloadedServer.yaml("one", this.one) + ReloadedServer.provider("p" + number, this.two));
					return server.reload();
				}));
			}
			for (Future<RawResponse> reload : reloads) {
				assertThat(reload.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
			}
			assertThat(server.generation()).isEqualTo(1 + (long) server.counted("applied"));
			server.reload();
			assertThat(server.ask("fast").status()).isEqualTo(200);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20));
	}

}
