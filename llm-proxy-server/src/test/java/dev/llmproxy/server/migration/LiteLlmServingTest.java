package dev.llmproxy.server.migration;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.server.command.CommandRun;
import dev.llmproxy.testkit.RecordedRequest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is made of LiteLLM's configurations is accepted by {@code check}, and serves every
 * model that LiteLLM would have served.
 */
@Tag("once")
class LiteLlmServingTest {

	/** Deployments that can't be served here, which is told. */
	private static final Set<String> LEFT_OUT = Set.of("sagemaker-model", "vertex-claude");

	@TempDir
	private Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "load-balanced.yaml", "many-vendors.yaml", "self-hosted.yaml", "wildcards.yaml",
			"governed.yaml", "minimal.yaml" })
	void theCheckAcceptsIt(String name) {
		Migrated migrated = Migrated.litellm(name);
		List<String> arguments = new ArrayList<>(List.of("check", "--no-defaults"));
		arguments.addAll(migrated.environment());
		arguments.add(migrated.write(this.directory).toString());
		CommandRun run = CommandRun.of(arguments);
		assertThat(run.err()).isEqualTo("The configuration is valid.\n");
		assertThat(run.code()).isZero();
		assertThat(run.out()).contains("llm-proxy.detect-providers = false  # ").doesNotContain("key-of-");
	}

	@ParameterizedTest
	@ValueSource(strings = { "load-balanced.yaml", "many-vendors.yaml", "self-hosted.yaml", "governed.yaml" })
	void everyModelIsServedByOneOfItsDeployments(String name) {
		Map<String, List<String>> models = models(name);
		Migrated migrated = Migrated.litellm(name);
		migrated.write(this.directory);
		try (MigratedServer server = MigratedServer.start(migrated, this.directory)) {
			models.forEach((model, deployments) -> {
				boolean embedding = model.startsWith("embed");
				assertThat((embedding ? server.embed(Migrated.KEY, model) : server.chat(Migrated.KEY, model, Map.of()))
					.status()).as(model).isEqualTo(200);
				RecordedRequest request = last(server, embedding);
				assertThat(deployments).as(model).anyMatch((deployment) -> deployment.endsWith(asked(request)));
				assertThat(request.headers().toString()).as("keys of callers stay here").doesNotContain(Migrated.KEY);
			});
			assertThat(server.chat(Migrated.KEY, "not-in-the-file", Map.of()).status()).isEqualTo(403);
			assertThat(server.chat("sk-another-0123456789abcdef", models.keySet().iterator().next(), Map.of()).status())
				.isEqualTo(401);
		}
	}

	@Test
	void wildcardsServeAllModelsOfTheirVendors() {
		Migrated migrated = Migrated.litellm("wildcards.yaml");
		migrated.write(this.directory);
		try (MigratedServer server = MigratedServer.start(migrated, this.directory)) {
			Map<String, String> served = new LinkedHashMap<>();
			served.put("anthropic/claude-haiku-4-5", "claude-haiku-4-5");
			served.put("openai/gpt-4.1", "gpt-4.1");
			served.put("together_ai/Qwen/Qwen2.5-7B", "Qwen/Qwen2.5-7B");
			served.put("gpt-5", "gpt-5");
			served.put("best", "claude-opus-4-1");
			served.forEach((model, expected) -> {
				assertThat(server.chat(Migrated.KEY, model, Map.of()).status()).as(model).isEqualTo(200);
				assertThat(asked(server.request())).isEqualTo(expected);
			});
			assertThat(server.chat(Migrated.KEY, "groq/llama", Map.of()).status()).isEqualTo(403);
		}
	}

	@Test
	void whatDidNotMapAndNoSecretIsToldOnTheCommandLine() throws IOException {
		Path file = this.directory.resolve("config.yaml");
		Files.writeString(file, Migrated.resource("litellm/load-balanced.yaml"));
		CommandRun run = CommandRun.of(List.of("migrate", "litellm", file.toString()));
		assertThat(run.code()).isZero();
		assertThat(run.out()).isEqualTo(Migrated.litellm("load-balanced.yaml").migration().yaml());
		assertThat(run.err()).contains("- litellm_settings.callbacks (langfuse): ", "- general_settings.database_url: ",
				"- model_list[1].litellm_params.api_key: ");
		assertThat(run.out() + run.err()).doesNotContain("azure-literal-key", "redis-literal-pw", "sk-literal-master",
				"dbpassword9090", "sk-lf-literal");
	}

	/**
	 * A semantic cache asks for vectors before the model is asked, and probes for lists.
	 */
	private static RecordedRequest last(MigratedServer server, boolean embedding) {
		RecordedRequest request = server.request();
		while (request.method().equals("GET") || (!embedding && request.path().endsWith("/embeddings"))) {
			request = server.request();
		}
		return request;
	}

	/** The model that a vendor was asked for, in the body or in the path. */
	private static String asked(RecordedRequest request) {
		String path = URLDecoder.decode(request.path(), StandardCharsets.UTF_8);
		if (path.contains("/deployments/")) {
			return path.replaceAll(".*/deployments/([^/]+)/.*", "$1");
		}
		String model = request.json().path("model").asString("");
		return !model.isEmpty() ? model
				: path.replaceAll(".*/(?:models|model)/(.+?)(?::generateContent|/converse)$", "$1");
	}

	/** As LiteLLM has them: names, and what they stand for. */
	private static Map<String, List<String>> models(String name) {
		Map<String, Object> config = new Yaml().load(Migrated.resource("litellm/" + name));
		Map<String, List<String>> models = new LinkedHashMap<>();
		for (Object one : (List<?>) config.get("model_list")) {
			Map<?, ?> model = (Map<?, ?>) one;
			String group = String.valueOf(model.get("model_name"));
			if (!LEFT_OUT.contains(group)) {
				models.computeIfAbsent(group, (key) -> new ArrayList<>())
					.add(String.valueOf(((Map<?, ?>) model.get("litellm_params")).get("model")));
			}
		}
		if (name.equals("load-balanced.yaml")) {
			models.put("gpt-4", models.getOrDefault("gpt-4o", List.of()));
			models.put("secret-model", models.getOrDefault("gpt-3.5-turbo", List.of()));
		}
		return models;
	}

}
