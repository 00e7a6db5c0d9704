package dev.llmproxy.server.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What LiteLLM's settings become, and what is told of those that become nothing. */
@Tag("once")
class LiteLlmMigrationTest {

	@Test
	void sharesFollowWhatDeploymentsAreGranted() {
		Map<String, Object> route = Migrated.litellm("load-balanced.yaml").at("llm-proxy/routes/gpt-4o");
		assertThat(route).containsEntry("strategy", "weighted")
			.containsEntry("fallbacks", List.of("gpt-3.5-turbo"))
			.containsEntry("timeouts", Map.of("total", "5m", "first-token", "1m", "response-headers", "1m"));
		assertThat(each(route.get("targets"), "weight")).containsExactly(10, 20, 1);
	}

	@Test
	void ordersBecomePrioritiesAroundTheStrategy() {
		Map<String, Object> route = Migrated.litellm("self-hosted.yaml").at("llm-proxy/routes/chat");
		assertThat(route).containsEntry("strategy", "priority");
		List<?> targets = (List<?>) route.get("targets");
		assertThat(each(targets, "priority")).containsExactly(1, 2, 3);
		assertThat((Map<?, ?>) targets.get(0)).satisfies((group) -> {
			assertThat(group.get("strategy")).isEqualTo("least-busy");
			assertThat(each(group.get("targets"), "model")).containsExactly("vllm/qwen3-32b", "vllm-2/qwen3-32b");
		});
		assertThat(((Map<?, ?>) targets.get(2)).get("prices")).isEqualTo(Map.of("input", 0.15, "output", 0.6));
	}

	@Test
	void oneModelWithTwoLimitsIsTwoTargets() {
		Migrated migrated = Migrated.litellm("governed.yaml");
		assertThat(migrated.migration().yaml()).contains("id: paid-2", "id: paid-large");
		assertThat(migrated.at("llm-proxy/routes/cheap")).containsEntry("strategy", "lowest-cost")
			.containsEntry("fallbacks", List.of("paid-large"));
		assertThat(migrated.at("llm-proxy/resilience/retry")).containsEntry("max-retries", 3)
			.containsEntry("statuses", List.of(429, 500, 502, 503, 504, 529));
		assertThat(migrated.at("llm-proxy/budgets/rules/everybody")).containsEntry("amount", 250.5)
			.containsEntry("period", "month");
	}

	@Test
	void severalKeysOfOneVendorAreUsedInTurn() {
		Migrated migrated = Migrated.litellm("wildcards.yaml");
		assertThat(migrated.at("llm-proxy/providers/openai")).containsEntry("api-keys",
				List.of("${OPENAI_API_KEY}", "${OPENAI_API_KEY_SECOND}"));
		assertThat(migrated.providers()).containsEntry("together_ai", "together");
		assertThat(migrated.items()).contains("model_list[5].litellm_params", "fallbacks");
	}

	@Test
	void everythingThatDoesNotMapIsTold() {
		assertThat(Migrated.litellm("governed.yaml").items()).contains("guardrails",
				"model_list[3].litellm_params.temperature", "router_settings.enable_tag_filtering",
				"router_settings.retry_policy.AuthenticationErrorRetries", "litellm_settings.callbacks (datadog)");
		assertThat(Migrated.litellm("many-vendors.yaml").items()).contains("model_list[15].litellm_params.model",
				"model_list[16].litellm_params.model");
		Migration unknown = Migration.litellm("""
				model_list: [{model_name: m, litellm_params: {model: gpt-4o, frobnicate: 1}}]
				litellm_settings: {nobody_knows: true}
				general_settings: {nor_this: 1}
				router_settings: {nor_that: 1}
				future_settings: {a: b}
				""");
		assertThat(unknown.leftovers()).extracting(Leftover::item)
			.contains("model_list[0].litellm_params.frobnicate", "litellm_settings.nobody_knows",
					"general_settings.nor_this", "router_settings.nor_that", "future_settings");
		assertThat(unknown.leftovers()).allSatisfy((leftover) -> {
			assertThat(leftover.reason()).isNotBlank();
			assertThat(leftover.action()).isNotBlank();
		});
	}

	@Test
	void noSecretIsShownWhereverItStands() {
		Migration migration = Migration.litellm("""
				model_list:
				  - model_name: a
				    litellm_params:
				      model: openai/m
				      api_key: sk-LITERAL-one-0123456789
				      api_base: https://user:LITERAL-two@models.example.com/v1
				      extra_headers: {Authorization: Bearer LITERAL-three, X-Plain: "sk-LITERAL-four-0123456789"}
				  - model_name: b
				    litellm_params: {model: bedrock/m, aws_secret_access_key: LITERAL-five, aws_region_name: eu-west-1}
				router_settings: {redis_host: h, redis_password: LITERAL-six}
				litellm_settings: {cache: true, cache_params: {type: redis, url: "redis://:LITERAL-seven@h"}}
				general_settings: {master_key: sk-LITERAL-eight, alert_to_webhook_url: {a: "https://h/LITERAL-nine"}}
				environment_variables: {OPENAI_API_KEY: sk-LITERAL-ten}
				""");
		assertThat(migration.yaml() + migration.leftovers()).doesNotContain("LITERAL");
		assertThat(migration.yaml()).contains("${OPENAI_COMPATIBLE_API_KEY}", "${REDIS_URL}", "${LITELLM_MASTER_KEY}");
	}

	@Test
	void oneSecretHasOneVariableAndTwoHaveTwo() {
		Migration migration = Migration.litellm("""
				model_list:
				  - {model_name: a, litellm_params: {model: openai/m, api_key: literal-first-0123}}
				  - {model_name: b, litellm_params: {model: openai/n, api_key: literal-first-0123}}
				  - {model_name: c, litellm_params: {model: openai/o, api_key: literal-second-0123}}
				""");
		assertThat(new Migrated(migration).providers()).containsOnlyKeys("openai", "openai-2");
		assertThat(migration.yaml()).contains("api-key: ${OPENAI_API_KEY}\n", "api-key: ${OPENAI_API_KEY_2}\n")
			.doesNotContain("OPENAI_API_KEY_3");
	}

	@Test
	void whatIsNoConfigurationIsRefusedWithoutShowingIt() {
		assertThatExceptionOfType(MigrationException.class)
			.isThrownBy(() -> Migration.litellm("a: b\n  c: sk-secret-0123456789: {"))
			.withMessageContaining("line 2")
			.withMessageNotContaining("secret");
		assertThatExceptionOfType(MigrationException.class).isThrownBy(() -> Migration.litellm("- just\n- a list"));
		assertThatExceptionOfType(MigrationException.class).isThrownBy(() -> Migration.litellm(""));
	}

	private static List<Object> each(Object targets, String name) {
		List<Object> values = new ArrayList<>();
		((List<?>) targets).forEach((target) -> values.add(((Map<?, ?>) target).get(name)));
		return values;
	}

}
