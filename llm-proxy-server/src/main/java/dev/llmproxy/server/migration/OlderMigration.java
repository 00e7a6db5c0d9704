package dev.llmproxy.server.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Of the older proxy in Python: groups of endpoints that speak OpenAI's dialect, with
 * weights, and settings much like LiteLLM's. It is read as if it were LiteLLM's.
 */
final class OlderMigration {

	private static final int PORT = 4243;

	private final Draft draft;

	OlderMigration(Draft draft) {
		this.draft = draft;
	}

	void migrate(Section root) {
		List<Deployment> all = new ArrayList<>();
		for (Section group : root.sections("model_groups")) {
			String name = group.text("model_group");
			for (Section model : group.sections("models")) {
				Deployment deployment = (name != null) ? deployment(name, model) : null;
				if (deployment != null) {
					all.add(deployment);
				}
			}
			group.rest("it is not known here", "Leave it out.");
		}
		Section general = root.section("general_settings");
		Section none = new Section("", Map.of(), this.draft);
		LiteLlmRoutes routes = new LiteLlmRoutes(this.draft, "weighted", all);
		routes.write(new LiteLlmFallbacks(none, none));
		if (routes.names().isEmpty()) {
			this.draft.left("model_groups", "no model is left, so nothing is served",
					"Add providers and aliases (src-docs/providers.md).");
		}
		new LiteLlmResilience(this.draft).migrate(general, none);
		new LiteLlmCache(this.draft).migrate(general, general, routes);
		String address = general.text("bind_address");
		this.draft.set("server.address", address);
		Long port = general.whole("bind_port");
		this.draft.set("server.port", (port != null) ? port : Long.valueOf(PORT),
				"That of the older proxy, so that callers need not be changed.");
		this.draft.left("general_settings", "the older proxy had no keys of callers",
				"Make them with: keys create. Without any this server serves its own machine only.");
		general.rest("it is nothing that this gateway has a setting for", "Look in src-docs/configuration.md.");
		root.rest("it is not known here", "Leave it out.");
	}

	private @Nullable Deployment deployment(String group, Section entry) {
		Section params = entry.section("params");
		String model = entry.text("model");
		if (model == null) {
			this.draft.left(entry.path(), "it names no model", "Correct it, or remove it.");
			return null;
		}
		Map<String, Object> settings = new LinkedHashMap<>();
		String address = this.draft.address(params.path("base_url"), params.text("base_url"), "OPENAI_BASE_URL");
		address = (address != null) ? address
				: this.draft.address(params.path("azure_endpoint"), params.text("azure_endpoint"), "AZURE_API_BASE");
		Section query = params.section("default_query");
		String version = query.text("api-version");
		version = (version != null) ? version : params.text("api_version");
		String type = type(address, version);
		boolean older = type.equals("azure") && version != null && !version.equals("preview")
				&& !version.equals("latest");
		String url = ProviderSettings.baseUrl(type, address, older);
		if (url != null && !type.equals("azure") && url.matches("https?://[^/]+")) {
			url += "/v1";
		}
		if (url != null && !url.equals("https://api.openai.com/v1")) {
			settings.put("base-url", url);
		}
		if (older) {
			settings.put("api-version", version);
		}
		Vendor vendor = switch (type) {
			case "azure" -> new Vendor(type, null, "AZURE_API_KEY");
			case "openai" -> new Vendor(type, null, "OPENAI_API_KEY");
			default -> new Vendor(type, null, null);
		};
		ProviderSettings providers = new ProviderSettings(this.draft);
		providers.key(params.path("api_key"), vendor, params.text("api_key"), settings);
		providers.headers(params.section("default_headers"), settings);
		String total = params.seconds("timeout");
		Long retries = params.whole("max_retries");
		Deployment made = new Deployment(entry.path(), group, model,
				type.equals("openai-compatible") ? ProviderSettings.named("other", url) : type, type, settings,
				new LinkedHashMap<>(), null, entry.number("weight"), null, total, null, retries, null);
		query.rest("an address has no query here", "Say it as a header, if the provider takes it there.");
		params.rest("it is nothing that is said of a provider here", "Look in src-docs/providers.md.");
		entry.rest("it is nothing that is said of a target here", "Look in src-docs/routing.md.");
		return made;
	}

	private static String type(@Nullable String address, @Nullable String version) {
		if (address == null || address.contains("api.openai.com")) {
			return "openai";
		}
		return (version != null || address.contains(".azure.com")) ? "azure" : "openai-compatible";
	}

}
