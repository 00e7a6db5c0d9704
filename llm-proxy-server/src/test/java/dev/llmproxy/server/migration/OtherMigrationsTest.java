package dev.llmproxy.server.migration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmproxy.server.command.CommandRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Portkey's configurations, and those of the older proxy. */
@Tag("once")
class OtherMigrationsTest {

	@TempDir
	private Path directory;

	@Test
	void portkeysConfigIsARouteThatServes() {
		Migrated migrated = new Migrated(Migration.portkey(Migrated.resource("portkey.json"), "assistant", null));
		assertThat(migrated.at("llm-proxy/routes/assistant")).containsEntry("strategy", "conditional")
			.containsEntry("default-target", "small")
			.containsEntry("retry", Map.of("max-retries", 3, "statuses", List.of(429, 503)))
			.containsEntry("timeouts", Map.of("total", "30s"))
			.containsEntry("cache", Map.of("ttl", "1h"));
		assertThat(migrated.providers()).containsEntry("groq-prod", "groq");
		accepted(migrated);
		try (MigratedServer server = MigratedServer.start(migrated, this.directory,
				"--llm-proxy.access.keys[0].id=test", "--llm-proxy.access.keys[0].key=" + Migrated.KEY)) {
			assertThat(server.chat(Migrated.KEY, "assistant", Map.of()).status()).isEqualTo(200);
			assertThat(server.request().text()).contains("claude-haiku-4-5");
			assertThat(server.chat(Migrated.KEY, "assistant", Map.of("llm-proxy-metadata", "{\"user_plan\":\"paid\"}"))
				.status()).isEqualTo(200);
			assertThat(server.request().target()).containsAnyOf("/openai/v1/chat", "/deployments/gpt-4o-eu/");
		}
	}

	@Test
	void whatPortkeyHasBesideThatIsTold() {
		Migration migration = Migration.portkey(Migrated.resource("portkey.json"), "assistant", null);
		assertThat(new Migrated(migration).items()).contains("targets[0].targets[0].override_params.temperature",
				"targets[0].targets[1].virtual_key", "targets[1].targets[0].input_guardrails",
				"targets[1].targets[1].forward_headers", "targets[1].targets[2].provider");
		assertThat(migration.yaml() + migration.leftovers()).doesNotContain("literal", "4110dd");
	}

	@Test
	void aTargetWithoutAModelNeedsOne() {
		String config = "{\"provider\":\"openai\",\"api_key\":\"sk-literal-0123456789\"}";
		assertThat(new Migrated(Migration.portkey(config, "main", null)).items()).contains("override_params");
		assertThat(new Migrated(Migration.portkey(config, "main", "gpt-4o-mini")).at("llm-proxy/aliases"))
			.containsEntry("main", "openai/gpt-4o-mini");
	}

	@Test
	void theOlderProxysGroupsAreServed() {
		Migrated migrated = new Migrated(Migration.older(Migrated.resource("older.yaml")));
		assertThat(migrated.providers()).containsEntry("azure", "azure").containsEntry("openai", "openai");
		assertThat(migrated.at("llm-proxy/providers/azure")).containsEntry("base-url",
				"https://eu.openai.azure.com/openai/v1");
		assertThat(migrated.items()).contains("model_groups[1].models[0].params.http_client",
				"model_groups[0].models[1].params.api_key");
		assertThat(migrated.migration().yaml() + migrated.migration().leftovers()).doesNotContain("literal-openai");
		accepted(migrated);
		try (MigratedServer server = MigratedServer.start(migrated, this.directory,
				"--llm-proxy.access.keys[0].id=test", "--llm-proxy.access.keys[0].key=" + Migrated.KEY)) {
			for (String model : List.of("gpt-4.1", "local")) {
				assertThat(server.chat(Migrated.KEY, model, Map.of()).status()).isEqualTo(200);
				assertThat(server.request().text()).containsAnyOf("gpt-4.1", "qwen3");
			}
		}
	}

	private void accepted(Migrated migrated) {
		List<String> arguments = new ArrayList<>(List.of("check", "--no-defaults"));
		arguments.addAll(migrated.environment());
		arguments.add(migrated.write(this.directory).toString());
		assertThat(CommandRun.of(arguments).err()).isEqualTo("The configuration is valid.\n");
	}

}
