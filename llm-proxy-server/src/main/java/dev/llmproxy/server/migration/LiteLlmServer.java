package dev.llmproxy.server.migration;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code general_settings}: keys, limits of the server, alerts. */
final class LiteLlmServer {

	private final Draft draft;

	LiteLlmServer(Draft draft) {
		this.draft = draft;
	}

	void migrate(Section general, List<String> names) {
		key(general, names);
		limits(general);
		alerts(general);
		if (general.isOn("background_health_checks")) {
			this.draft.set("llm-proxy.health.probe.enabled", true,
					"Providers are asked for their models now and then.");
			this.draft.set("llm-proxy.health.probe.interval", general.seconds("health_check_interval"));
		}
		general.take("health_check_interval");
		if (general.isOn("use_x_forwarded_for")) {
			this.draft.set("server.forward-headers-strategy", "native",
					"Believes X-Forwarded-For: only behind a proxy that sets it.");
		}
		if (general.isOn("disable_spend_logs")) {
			this.draft.set("llm-proxy.usage.ledger.enabled", false);
		}
		this.draft.set("llm-proxy.usage.ledger.interval", general.seconds("proxy_batch_write_at"));
		database(general);
		general.leftIfAny("forward_client_headers_to_llm_api", "headers of callers don't reach providers",
				"Set what all calls need as the provider's headers.");
		general.leftIfAny("pass_through_endpoints", "providers' own APIs are at /providers/{provider}/",
				"Have callers use these paths.");
		general.leftIfAny("allowed_ips", "callers are told by their keys", "Let a firewall do it.");
		for (String key : List.of("enable_jwt_auth", "litellm_jwtauth", "enable_oauth2_auth", "custom_auth",
				"custom_sso", "enable_oauth2_proxy_auth", "oauth2_config_mappings")) {
			general.leftIfAny(key, "callers present keys", "Make one for each: keys create.");
		}
		general.rest("it is nothing that this gateway has a setting for", "Look in src-docs/configuration.md.");
	}

	/** It opens what the file has, and no more. */
	private void key(Section general, List<String> names) {
		String key = this.draft.secret(general.path("master_key"), general.text("master_key"), "LITELLM_MASTER_KEY");
		if (key == null) {
			this.draft.left("general_settings.master_key",
					"there is none: LiteLLM lets everybody in, this server then serves its own machine only",
					"Make keys with: keys create.");
			return;
		}
		Map<String, Object> master = new LinkedHashMap<>();
		master.put("id", "master");
		master.put("key", key);
		if (!names.isEmpty() && !names.contains("*")) {
			master.put("models", names);
		}
		this.draft.set("llm-proxy.access.keys", List.of(master),
				"LiteLLM's master key, for the models of its file; without 'models' it may use all of all providers.\n"
						+ "Keys have 16 characters or more. Better: a key for each caller, by its hash (keys create).");
		this.draft.left("general_settings.master_key",
				"it is a key like any other here, and keys of LiteLLM's database are not in its file",
				"Make a key for each caller with: keys create. A key of fewer than 16 characters is refused.");
	}

	private void limits(Section general) {
		Long all = general.whole("global_max_parallel_requests");
		if (all != null && all > 0) {
			this.draft.set("llm-proxy.limits.rules.everybody.concurrency", all, "Calls under way at once.");
		}
		Long each = general.whole("max_parallel_requests");
		if (each != null && each > 0) {
			this.draft.set("llm-proxy.resilience.bulkhead.max", each, "Calls that a target gets at once.");
			this.draft.set("llm-proxy.resilience.bulkhead.initial", Math.min(each, 200));
			this.draft.set("llm-proxy.resilience.bulkhead.min", Math.min(each, 4));
		}
		BigDecimal request = general.number("max_request_size_mb");
		if (request != null && request.signum() > 0) {
			this.draft.set("llm-proxy.web.max-body-size", request.max(BigDecimal.ONE).toBigInteger() + "MB");
		}
		BigDecimal response = general.number("max_response_size_mb");
		if (response != null && response.signum() > 0) {
			for (String provider : this.draft.providers()) {
				this.draft.more(provider)
					.put("limits", Map.of("max-response", response.max(BigDecimal.ONE).toBigInteger() + "MB"));
			}
		}
	}

	private void alerts(Section general) {
		List<String> channels = general.texts("alerting");
		String slow = general.seconds("alerting_threshold");
		this.draft.set("llm-proxy.access-log.slow", slow, "Calls that take longer are always logged, and marked.");
		if (channels.contains("slack")) {
			this.draft.set("llm-proxy.alerts.channels.slack.type", "slack");
			this.draft.set("llm-proxy.alerts.channels.slack.url", "${SLACK_WEBHOOK_URL}");
			alert("many-failures", Map.of("event", "attempt.failed", "threshold", 20, "window", "5m"));
			alert("provider-down",
					Map.of("metric", "llm.proxy.provider.up", "comparison", "below", "threshold", 1, "for", "2m"));
			this.draft.comment("llm-proxy.alerts", "Two rules to begin with; see src-docs/alerts.md for more.");
			general.left("alerting", "rules of alerts are your own here; two take the place of LiteLLM's kinds",
					"Look at llm-proxy.alerts.rules, and add what you want to be told of.");
		}
		channels.stream()
			.filter((channel) -> !channel.equals("slack"))
			.forEach((channel) -> general.left("alerting", "the channel '" + channel + "' is set up otherwise",
					"See src-docs/alerts.md: type email with spring.mail, or type webhook."));
		for (String key : List.of("alert_types", "alerting_args", "alert_to_webhook_url", "spend_report_frequency")) {
			general.leftIfAny(key, "it is about LiteLLM's own kinds of alerts",
					"Make rules of them: src-docs/alerts.md.");
		}
	}

	private void alert(String name, Map<String, Object> rule) {
		Map<String, Object> all = new LinkedHashMap<>();
		for (String key : List.of("event", "metric", "comparison", "threshold", "window", "for")) {
			Object value = rule.get(key);
			if (value != null) {
				all.put(key, value);
			}
		}
		all.put("notify", List.of("log", "slack"));
		this.draft.set("llm-proxy.alerts.rules." + name, all);
	}

	private static void database(Section general) {
		general.leftIfAny("database_url", "keys, teams and spending of LiteLLM's database are not in the file",
				"Make keys with: keys create. What is spent is written down by llm-proxy.usage.ledger: store file, or "
						+ "jdbc with a database of its own.");
		for (String key : List.of("database_connection_pool_limit", "database_connection_timeout", "store_model_in_db",
				"supported_db_objects", "allow_requests_on_db_unavailable", "disable_prisma_schema_update")) {
			general.leftIfAny(key, "it is about LiteLLM's database", "Nothing.");
		}
		general.leftIfAny("store_prompts_in_spend_logs", "the ledger has no content",
				"See llm-proxy.access-log.content and llm-proxy.usage.conversations.");
	}

}
