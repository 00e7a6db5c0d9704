package dev.llmproxy.server.migration;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The rest of {@code litellm_settings}: what is dropped, spent and told. */
final class LiteLlmLibrary {

	private static final Map<String, String> PERIODS = Map.of("1d", "day", "24h", "day", "7d", "week", "1w", "week",
			"30d", "month", "1mo", "month", "31d", "month");

	private static final List<String> OTLP = List.of("otel", "opentelemetry", "arize", "arize_phoenix", "logfire",
			"langtrace", "levo");

	private final Draft draft;

	LiteLlmLibrary(Draft draft) {
		this.draft = draft;
	}

	void migrate(Section library, Section callbacks) {
		Boolean drop = library.flag("drop_params");
		if (drop != null) {
			this.draft.set("llm-proxy.web.strict", !drop,
					drop ? "What a model can't take is left out, and named in the header llm-proxy-dropped."
							: "What a model can't take is an error.");
		}
		budget(library);
		callbacks(library);
		if (library.isOn("json_logs")) {
			this.draft.set("logging.structured.format.console", "ecs", "One JSON object for each event.");
		}
		library.take("turn_off_message_logging");
		library.take("redact_user_api_key_info");
		library.take("disable_end_user_cost_tracking");
		library.take("disable_end_user_cost_tracking_prometheus_only");
		if (library.isOn("set_verbose")) {
			library.left("set_verbose", "it would show what is said", "Set logging.level.dev.llmproxy to debug.");
		}
		library.leftIfAny("ssl_verify", "certificates are always checked",
				"Name a bundle with your authority: the provider's ssl-bundle, and spring.ssl.bundle.");
		library.leftIfAny("modify_params", "requests are translated without loss, and changed in no other way",
				"Nothing.");
		library.leftIfAny("key_generation_settings", "keys are in the configuration",
				"Make them with: keys create. See llm-proxy.access.keys.");
		library.leftIfAny("default_internal_user_params", "there are keys and teams, but no users with accounts",
				"See llm-proxy.access.keys.");
		library.rest("it is nothing that this gateway has a setting for", "Look in src-docs/configuration.md.");
		callbacks.rest("it is a setting of a callback", "See src-docs/tracing.md and src-docs/logging.md.");
	}

	private void budget(Section library) {
		BigDecimal amount = library.number("max_budget");
		String duration = library.text("budget_duration");
		if (amount == null || amount.signum() <= 0) {
			return;
		}
		this.draft.set("llm-proxy.budgets.rules.everybody.amount", amount);
		String period = (duration == null) ? "total" : PERIODS.get(duration);
		if (period == null) {
			period = "month";
			library.left("budget_duration", "a period is a day, a week, a month, or for ever: a month is taken",
					"Set llm-proxy.budgets.rules.everybody.period, and the amount with it.");
		}
		this.draft.set("llm-proxy.budgets.rules.everybody.period", period);
		this.draft.comment("llm-proxy.budgets",
				"In US dollars, and by the calendar. It survives a restart if the ledger does (llm-proxy.usage.ledger).");
	}

	private void callbacks(Section library) {
		Set<String> all = new LinkedHashSet<>();
		for (String key : List.of("callbacks", "success_callback", "failure_callback", "service_callbacks")) {
			all.addAll(library.texts(key));
		}
		for (String callback : all) {
			String name = callback.toLowerCase(Locale.ROOT);
			if (name.equals("prometheus")) {
				continue;
			}
			if (OTLP.contains(name)) {
				this.draft.set("management.opentelemetry.tracing.export.otlp.endpoint",
						"${OTEL_EXPORTER_OTLP_ENDPOINT}",
						"Where traces go: the whole address, such as http://127.0.0.1:4318/v1/traces.");
				this.draft.left("litellm_settings.callbacks (" + callback + ")",
						"traces go by OTLP over HTTP, to a whole address",
						"Set OTEL_EXPORTER_OTLP_ENDPOINT, with /v1/traces at its end (src-docs/tracing.md).");
			}
			else if (name.startsWith("langfuse")) {
				this.draft.left("litellm_settings.callbacks (" + callback + ")",
						"there is no client of Langfuse here; it takes traces by OTLP",
						"Set management.opentelemetry.tracing.export.otlp.endpoint and .headers to those of Langfuse "
								+ "(src-docs/tracing.md).");
			}
			else {
				this.draft.left("litellm_settings.callbacks (" + callback + ")", "there is no such callback",
						"Calls are told by traces, metrics, the log and webhooks: see src-docs/events.md.");
			}
		}
		if (all.stream().anyMatch((callback) -> callback.equalsIgnoreCase("prometheus"))) {
			this.draft.set("management.endpoints.web.exposure.include", List.of("health", "prometheus"),
					"Metrics: http://127.0.0.1:9090/actuator/prometheus.");
		}
	}

}
