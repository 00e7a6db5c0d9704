package dev.llmproxy.server.command;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A configuration is judged as a start would, and nothing is started. */
@Tag("once")
class CheckCommandTest {

	private static final String KEY = "sk-0123456789abcdef0123456789abcdef";

	@TempDir
	private Path directory;

	@Test
	void valuesAreShownWithTheirPlacesAndSecretsAreNot() throws IOException {
		CommandRun run = check("""
				llm-proxy:
				  access:
				    keys:
				      - id: team
				        key: %s
				  providers:
				    up:
				      base-url: http://127.0.0.1:9/v1
				      api-key: ${SOME_KEY}
				      headers:
				        X-Token: header-secret
				  cache:
				    enabled: true
				""".formatted(KEY), "--SOME_KEY=upstream-secret", "--llm-proxy.cache.ttl=5m");
		assertThat(run.code()).isZero();
		assertThat(run.err()).isEqualTo("The configuration is valid.\n");
		assertThat(run.out().lines()).contains("llm-proxy.access.keys[0].id = team  # " + file() + ":4",
				"llm-proxy.access.keys[0].key = ******  # " + file() + ":5",
				"llm-proxy.providers.up.api-key = ******  # " + file() + ":9",
				"llm-proxy.cache.enabled = true  # " + file() + ":13", "llm-proxy.cache.ttl = 5m  # command line",
				"llm-proxy.cache.max-size = 64MB  # default", "llm-proxy.reload.watch = true  # server default");
		assertThat(run.out()).doesNotContain(KEY, "upstream-secret", "header-secret");
		// Whoever runs the tests may have some of them in the environment.
		assertThat(check("llm-proxy.web.strict: true", "--no-defaults").out().lines())
			.filteredOn((line) -> !line.contains("# environment variable"))
			.containsExactly("llm-proxy.web.strict = true  # " + file() + ":1");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			llm-proxy: {cache: {tlt: 5m}}                            | llm-proxy.cache.tlt | no such property
			llm-proxy: {cache: {enabled: true, ttl: sk-secret-value}} | llm-proxy.cache.ttl | no Duration
			llm-proxy: {aliases: {fast: nobody/m}}                   | llm-proxy.aliases[fast] | no provider 'nobody'
			llm-proxy: {routes: {r: {targets: [{model: m}]}}}        | llm-proxy.routes.r.targets[0].model | no target
			llm-proxy: {providers: {x: {type: unheard-of}}}          | llm-proxy.providers.x.type | no vendor
			llm-proxy: {access: {keys: [{id: a, key: short}]}}       | llm-proxy.access.keys[0].key | fewer than 16
			server: {address: 0.0.0.0}                               | server.address | no key is configured
			""")
	void whatAStartWouldRefuseIsTold(String yaml, String property, String reason) throws IOException {
		CommandRun run = check(yaml);
		assertThat(run.code()).isEqualTo(1);
		assertThat(run.out()).isEmpty();
		assertThat(run.err()).startsWith("error: " + property + " (" + file() + ":1): ").contains(reason);
		assertThat(run.err().lines().skip(1)).as("what to do").anyMatch((line) -> line.startsWith("  "));
		assertThat(run.err()).doesNotContain("sk-secret-value", "short}");
	}

	@Test
	void aFileThatIsNoYamlIsToldWithoutShowingIt() throws IOException {
		CommandRun run = check("llm-proxy:\n  cache: {a: sk-secret-value\n");
		assertThat(run.code()).isEqualTo(1);
		assertThat(run.err()).contains("no valid YAML, in line").doesNotContain("sk-secret-value");
		assertThat(CommandRun.of("check", "gone.yaml").code()).isEqualTo(1);
	}

	@Test
	void variablesThatAreNotSetAreToldUnlessThatIsMeant() throws IOException {
		String yaml = "llm-proxy.providers.openai.api-key: ${NO_SUCH_KEY}\n";
		CommandRun run = check(yaml);
		assertThat(run.code()).isEqualTo(1);
		assertThat(run.err()).isEqualTo("error: llm-proxy.providers.openai.api-key (" + file()
				+ ":1): NO_SUCH_KEY is not set\n  Set the environment variable NO_SUCH_KEY, or correct its name.\n");
		CommandRun lenient = check(yaml, "--ignore-unset");
		assertThat(lenient.code()).isZero();
		assertThat(lenient.err()).startsWith("warning: ").endsWith("The configuration is valid.\n");
	}

	@Test
	void noPortIsOpenedAndNobodyIsCalled() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				ScriptedUpstream upstream = ScriptedUpstream.start()) {
			CommandRun run = check("""
					server: { address: 127.0.0.1, port: %s }
					management.server.port: %s
					spring.data.redis: { host: 127.0.0.1, port: %s }
					llm-proxy:
					  providers.up: { base-url: "%s/v1", api-key: k }
					  health.probe: { enabled: true, interval: 1s }
					  limits.store: redis
					  cache: { enabled: true, store: redis, semantic: { enabled: true, embedding-model: up/e } }
					  usage.ledger: { store: jdbc, jdbc: { url: "jdbc:postgresql://127.0.0.1:%s/x" } }
					  alerts.channels.ops: { type: slack, url: "%s/slack" }
					""".formatted(taken.getLocalPort(), upstream.url().getPort(), upstream.url().getPort(),
					upstream.url(), upstream.url().getPort(), upstream.url()));
			assertThat(run.err()).isEqualTo("The configuration is valid.\n");
			assertThat(upstream.connections()).isEmpty();
		}
	}

	@Test
	void filesAreReadOneOverTheOther() throws IOException {
		Path second = Files.writeString(this.directory.resolve("second.yaml"), "llm-proxy.cache.ttl: 2m\n");
		CommandRun run = check("llm-proxy.cache: { enabled: true, ttl: 1m }\n", second.toString(), "--no-defaults");
		assertThat(run.out().lines()).contains("llm-proxy.cache.ttl = 2m  # " + second + ":1",
				"llm-proxy.cache.enabled = true  # " + file() + ":1");
	}

	private Path file() {
		return this.directory.resolve("application.yaml");
	}

	private CommandRun check(String yaml, String... more) throws IOException {
		Files.writeString(file(), yaml);
		String[] arguments = new String[more.length + 2];
		arguments[0] = "check";
		arguments[1] = file().toString();
		System.arraycopy(more, 0, arguments, 2, more.length);
		return CommandRun.of(arguments);
	}

}
