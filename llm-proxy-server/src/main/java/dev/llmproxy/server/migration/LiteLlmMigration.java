package dev.llmproxy.server.migration;

import java.util.List;
import java.util.Map;

/** Of LiteLLM's proxy. */
final class LiteLlmMigration {

	private static final Map<String, String> STRATEGIES = Map.of("simple-shuffle", "weighted", "least-busy",
			"least-busy", "usage-based-routing", "usage-aware", "usage-based-routing-v2", "usage-aware",
			"latency-based-routing", "lowest-latency", "cost-based-routing", "lowest-cost");

	private static final int LITELLM_PORT = 4000;

	private final Draft draft;

	LiteLlmMigration(Draft draft) {
		this.draft = draft;
	}

	void migrate(Section root) {
		Section router = root.section("router_settings");
		Section library = root.section("litellm_settings");
		Section general = root.section("general_settings");
		LiteLlmModels models = new LiteLlmModels(this.draft);
		LiteLlmRoutes routes = new LiteLlmRoutes(this.draft, strategy(router), models.read(root));
		aliases(router.section("model_group_alias"), routes);
		LiteLlmFallbacks fallbacks = new LiteLlmFallbacks(router, library);
		routes.write(fallbacks);
		List<String> names = routes.names();
		for (String model : fallbacks.models()) {
			if (!model.equals("*") && !names.contains(model)) {
				this.draft.left("fallbacks (" + model + ")", "there is no model of this name", "Remove it.");
			}
		}
		if (names.isEmpty()) {
			this.draft.left("model_list", "no model is left, so nothing is served",
					"Add providers and aliases (src-docs/providers.md).");
		}
		new LiteLlmResilience(this.draft).migrate(router, library);
		new LiteLlmCache(this.draft).migrate(router, library, routes);
		new LiteLlmLibrary(this.draft).migrate(library, root.section("callback_settings"));
		new LiteLlmServer(this.draft).migrate(general, names);
		router(router);
		environment(root.section("environment_variables"));
		this.draft.set("server.port", LITELLM_PORT, "LiteLLM's own port, so that callers need not be changed.");
		others(root);
	}

	private String strategy(Section router) {
		String theirs = router.text("routing_strategy");
		String ours = STRATEGIES.get((theirs != null) ? theirs : "simple-shuffle");
		if (ours == null) {
			router.left("routing_strategy", "there is no strategy '" + theirs + "'; 'weighted' takes its place",
					"Choose one of src-docs/routing.md.");
			return "weighted";
		}
		return ours;
	}

	private static void aliases(Section aliases, LiteLlmRoutes routes) {
		for (String name : aliases.keys()) {
			String group = aliases.text(name);
			if (group == null) {
				Section alias = aliases.section(name);
				group = alias.text("model");
				if (alias.isOn("hidden")) {
					alias.left("hidden", "all names are listed by /v1/models", "Nothing, if that does no harm.");
				}
			}
			if (group != null) {
				routes.alias(aliases.path(name), name, group);
			}
		}
	}

	private static void router(Section router) {
		router.take("enable_pre_call_checks");
		router.take("enable_pre_call_check");
		if (router.isOn("enable_tag_filtering")) {
			router.left("enable_tag_filtering", "tags are demanded by a header here, and all of them have to be there",
					"Have callers send llm-proxy-tags, or use conditions on metadata (src-docs/routing.md).");
		}
		router.take("tag_filtering_match_any");
		router.leftIfAny("routing_strategy_args", "strategies have no settings here", "Nothing.");
		router.leftIfAny("provider_budget_config", "budgets are for keys, teams, routes and all together",
				"Say llm-proxy.budgets.rules (src-docs/budgets.md).");
		router.leftIfAny("default_litellm_params", "requests get no parameters by default", "Have callers send them.");
		router.leftIfAny("allowed_fails_policy", "breakers make no difference between kinds of failures",
				"See src-docs/resilience.md for what counts as one.");
		router.leftIfAny("model_group_retry_policy", "it differs from that of the router",
				"Say llm-proxy.routes.<name>.retry.");
		router.rest("it is nothing that the router here has a setting for", "Look in src-docs/routing.md.");
	}

	private void environment(Section variables) {
		for (String name : variables.keys()) {
			variables.left(name, "variables are not set by the configuration",
					"Set " + name + " in the environment of the server, if anything below refers to it.");
		}
	}

	private static void others(Section root) {
		for (String key : List.of("guardrails", "mcp_servers", "mcp_tools", "vector_store_registry", "prompts",
				"search_tools", "files_settings", "finetune_settings", "assistant_settings", "policies")) {
			root.leftIfAny(key, "there is nothing of the kind here", "Keep it where it is, or in the application.");
		}
		root.leftIfAny("include", "only this file was read", "Migrate the other files too, or put all into one.");
		root.rest("it is not known here", "Leave it out, or look in src-docs/configuration.md.");
	}

}
