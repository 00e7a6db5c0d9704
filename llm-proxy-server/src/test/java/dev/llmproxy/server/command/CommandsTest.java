package dev.llmproxy.server.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.server.LlmProxyServer;
import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.RawHttpClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the jar does on the command line, beside serving. */
@Tag("once")
class CommandsTest {

	private static final Pattern CREATED = Pattern
		.compile("(?m)^(sk-\\S+)\\n# .*\\n- id: (\\S+)\\n  hash: (sha256:[0-9a-f]{64})$");

	@TempDir
	private Path directory;

	@Test
	void aCreatedKeyOpensTheServerThatHasItsHash() {
		CommandRun run = CommandRun.of("keys", "create", "--name", "team-a", "--count", "2");
		assertThat(run.code()).isZero();
		Matcher keys = CREATED.matcher(run.out());
		assertThat(keys.results().map((key) -> key.group(2))).containsExactly("team-a-1", "team-a-2");
		keys.reset();
		assertThat(keys.find()).isTrue();
		String key = keys.group(1);
		assertThat(CommandRun.withInput(key + "\n", "keys", "hash").out()).isEqualTo(keys.group(3) + "\n");
		try (TestServer server = TestServer
			.start(Map.of("llm-proxy.access.keys[1].id", "created", "llm-proxy.access.keys[1].hash", keys.group(3)));
				RawHttpClient client = server.client()) {
			assertThat(client.get("/v1/models", Map.of("authorization", "Bearer " + key)).status()).isEqualTo(200);
			assertThat(client.get("/v1/models", Map.of("authorization", "Bearer " + key + "x")).status())
				.isEqualTo(401);
		}
	}

	@Test
	void aKeyThatCanBeGuessedIsNotHashed() {
		CommandRun run = CommandRun.withInput("hunter2\n", "keys", "hash");
		assertThat(run.code()).isEqualTo(1);
		assertThat(run.err()).contains("fewer than 16 characters").doesNotContain("hunter2");
		assertThat(CommandRun.of("keys", "create", "--name", "anonymous").code()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "--help", "-h", "help", "--version" })
	void helpIsNoMistake(String argument) {
		CommandRun run = CommandRun.of(argument);
		assertThat(run.code()).isZero();
		assertThat(run.out()).contains(argument.equals("--version") ? "LLM Proxy" : "migrate");
		assertThat(run.err()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "chek", "-Dserver.port=1", "keys", "migrate", "migrate bifrost x.json", "migrate litellm",
			"keys create --count=0", "--server.port=1 serve" })
	void aWrongCallSaysHowToCall(String line) {
		CommandRun run = CommandRun.of(line.split(" "));
		assertThat(run.code()).isEqualTo(2);
		assertThat(run.out()).isEmpty();
		assertThat(run.err()).containsAnyOf("Usage: ", "Did you mean");
	}

	@Test
	void aFileThatIsNotThereIsTold() {
		CommandRun run = CommandRun.of("migrate", "litellm", this.directory.resolve("gone.yaml").toString());
		assertThat(run.code()).isEqualTo(1);
		assertThat(run.out()).isEmpty();
		assertThat(run.err()).contains("gone.yaml' can't be read");
	}

	@Test
	void aServerThatStartsLoadsNothingOfThis() throws IOException, InterruptedException {
		Path classes = this.directory.resolve("classes");
		assertThat(java(classes, "-Dspring.context.exit=onRefresh", "--server.port=0", "--management.server.port=0",
				"--logging.level.root=off"))
			.isZero();
		String loaded = Files.readString(classes);
		assertThat(loaded).contains("dev.llmproxy.server.LlmProxyServer ", "dev.llmproxy.gateway.LlmGateway ");
		assertThat(loaded).doesNotContain("dev.llmproxy.server.command", "dev.llmproxy.server.migration",
				"picocli.CommandLine ");
	}

	@Test
	void aBareWordDoesNotStartTheServer() throws IOException, InterruptedException {
		assertThat(java(this.directory.resolve("classes"), "-Dnothing=0", "serve")).isEqualTo(2);
	}

	private int java(Path classes, String flag, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
						System.getProperty("java.class.path"), "-Xlog:class+load:file=" + classes, flag,
						LlmProxyServer.class.getName()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("output").toFile())
			.start();
		assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
		return process.exitValue();
	}

}
