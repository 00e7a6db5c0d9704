package dev.llmproxy.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Feature flags of a configuration file, through the whole server. */
class FlagsTest {

	private static final String SEARCH = "search-key-0123456789abcdef";

	private static final String FLAGS = """
			  flags:
			    model: which-model
			    values:
			      new-model:
			        default-variant: %s
			        rules:
			          - when: { team: search }
			            variant: on
			          - when: { metadata.plan: [paid, trial*] }
			            variant: on
			      rollout:
			        split: { on: %d, off: %d }
			      keep-answers:
			        default-variant: %s
			      which-model:
			        variants: { same: "", other: up/other }
			        default-variant: same
			        rules:
			          - when: { model: up/asked }
			            variant: other
			""";

	private static final String ROUTES = """
			  cache:
			    enabled: true
			    non-deterministic: true
			    flag: keep-answers
			  routes:
			    chat:
			      strategy: conditional
			      conditions:
			        - query: { flags.new-model: { eq: true } }
			          then: up/new
			      default-target: up/old
			      targets:
			        - model: up/new
			        - model: up/old
			    slow:
			      strategy: conditional
			      conditions:
			        - query: { flags.rollout: true }
			          then: up/new
			      default-target: up/old
			      targets:
			        - model: up/new
			        - model: up/old
			""";

	@TempDir
	private Path directory;

	private ScriptedUpstream upstream;

	private ReloadedServer server;

	@BeforeEach
	void start() {
		this.upstream = ScriptedUpstream.start();
		this.upstream.answerWith((request) -> Script.json(200, """
				{"id":"c","object":"chat.completion","created":1,"model":"%s","choices":[{"index":0,"message":\
				{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,\
				"completion_tokens":1,"total_tokens":2}}""".formatted(request.json().at("/model").asString())));
		this.server = ReloadedServer.start(this.directory, yaml("off", 30, "off"), Map.of());
	}

	@AfterEach
	void stop() {
		this.server.close();
		this.upstream.close();
	}

	private String yaml(String newModel, int percent, String kept) {
		String keys = ReloadedServer.key("first", ReloadedServer.KEY) + ReloadedServer.key("searcher", SEARCH)
				+ "        team: search\n";
		return ReloadedServer.yaml("up", this.upstream, keys) + FLAGS.formatted(newModel, percent, 100 - percent, kept)
				+ ROUTES;
	}

	private RawResponse ask(String key, String model, Map<String, String> more) {
		Map<String, String> headers = new LinkedHashMap<>(ReloadedServer.headers(key));
		headers.putAll(more);
		try (RawHttpClient client = this.server.server().client()) {
			return client.post("/v1/chat/completions", headers, ReloadedServer.request(model, false));
		}
	}

	private String served(String key, String model, Map<String, String> more) {
		return ask(key, model, more).json().at("/model").asString();
	}

	private void reload(String yaml) {
		long before = this.server.generation();
		this.server.write(yaml);
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.server.generation() > before);
	}

	@Test
	void routesDependOnWhoAsks() {
		assertThat(served(ReloadedServer.KEY, "chat", Map.of())).isEqualTo("old");
		assertThat(served(SEARCH, "chat", Map.of())).isEqualTo("new");
		assertThat(served(ReloadedServer.KEY, "chat", Map.of("llm-proxy-metadata", "{\"plan\":\"trial-2\"}")))
			.isEqualTo("new");
		assertThat(served(ReloadedServer.KEY, "chat", Map.of("llm-proxy-metadata", "{\"plan\":\"free\"}")))
			.isEqualTo("old");
	}

	@Test
	void flagsChangeAsTheirFileDoes() {
		assertThat(served(ReloadedServer.KEY, "chat", Map.of())).isEqualTo("old");
		reload(yaml("on", 30, "off"));
		assertThat(served(ReloadedServer.KEY, "chat", Map.of())).isEqualTo("new");
	}

	@Test
	void aFlagNamesTheModelAndAllElseStays() {
		assertThat(served(ReloadedServer.KEY, "up/asked", Map.of())).isEqualTo("other");
		assertThat(this.upstream.takeRequest(Duration.ofSeconds(5)).text())
			.isEqualTo(ReloadedServer.request("other", false));
		assertThat(served(ReloadedServer.KEY, "up/unasked", Map.of())).isEqualTo("unasked");
	}

	@Test
	void keepsAnswersOnlyWhereTheFlagIsOn() {
		ask(ReloadedServer.KEY, "chat", Map.of());
		assertThat(ask(ReloadedServer.KEY, "chat", Map.of()).header("llm-proxy-cache")).isNull();
		reload(yaml("off", 30, "on"));
		ask(ReloadedServer.KEY, "chat", Map.of());
		assertThat(ask(ReloadedServer.KEY, "chat", Map.of()).header("llm-proxy-cache")).isEqualTo("hit");
	}

	@Test
	void answersOfOneVariantAreNotGivenToAnother() {
		reload(yaml("off", 30, "on"));
		assertThat(served(ReloadedServer.KEY, "chat", Map.of())).isEqualTo("old");
		reload(yaml("on", 30, "on"));
		assertThat(served(ReloadedServer.KEY, "chat", Map.of())).isEqualTo("new");
	}

	@Test
	void aCallerKeepsItsShareAsTheShareGrows() {
		Map<Integer, String> before = new TreeMap<>();
		for (int percent = 0; percent <= 100; percent += 10) {
			reload(yaml("off", percent, (percent % 20 == 0) ? "off" : "on"));
			before.put(percent, served(ReloadedServer.KEY, "slow", Map.of()));
			assertThat(served(ReloadedServer.KEY, "slow", Map.of())).isEqualTo(before.get(percent));
		}
		assertThat(before).containsEntry(0, "old").containsEntry(100, "new");
		// Once in, always in.
		assertThat(String.join(" ", before.values())).matches("(old )+(new ?)+");
	}

	@Test
	void aFlagThatThereIsNotIsRefused() {
		this.server.write(yaml("off", 30, "off").replace("flags.rollout:", "flags.rolout:"));
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.server.state().text()).contains("there is no flag 'rolout'"));
		assertThat(served(SEARCH, "chat", Map.of())).isEqualTo("new");
	}

}
