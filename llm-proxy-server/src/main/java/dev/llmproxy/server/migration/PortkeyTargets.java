package dev.llmproxy.server.migration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Targets of Portkey's that name a provider. */
final class PortkeyTargets {

	private final Draft draft;

	private final ProviderSettings providers;

	private final @Nullable String model;

	PortkeyTargets(Draft draft, @Nullable String model) {
		this.draft = draft;
		this.providers = new ProviderSettings(draft);
		this.model = model;
	}

	/** As properties of a target; {@code null} if it can't be one. */
	@Nullable Map<String, Object> read(Section target) {
		Section override = target.section("override_params");
		String model = override.text("model");
		String provider = target.text("provider");
		if (model != null && model.startsWith("@") && model.indexOf('/') > 0) {
			// Portkey's model catalogue: @provider/model.
			provider = model.substring(0, model.indexOf('/'));
			model = model.substring(model.indexOf('/') + 1);
		}
		for (String parameter : List.copyOf(override.keys())) {
			if (!parameter.equals("model")) {
				override.left(parameter, "requests get no parameters by default", "Have callers send it.");
			}
		}
		String deployment = target.text("deployment_id");
		String bedrock = target.text("aws_bedrock_model");
		model = (deployment != null) ? deployment : (model != null) ? model : bedrock;
		model = (model != null) ? model : this.model;
		String slug = (provider != null && provider.startsWith("@")) ? provider.substring(1) : null;
		String vendorName = (slug != null) ? vendorOf(slug) : provider;
		String host = target.text("custom_host");
		Vendor vendor = (vendorName != null) ? Vendor.portkey(vendorName) : null;
		if (vendor == null && host != null) {
			vendor = new Vendor("openai-compatible", null, null);
		}
		Map<String, Object> settings = (vendor != null) ? settings(target, vendor, host, slug) : Map.of();
		if (vendor == null) {
			this.draft.left(target.path("provider"),
					(vendorName == null) ? "no vendor is named, and a virtual key does not tell it"
							: "there is no provider '" + vendorName + "' here",
					"Say 'provider', or serve it by a vendor that there is (src-docs/providers.md). It is left out.");
			return null;
		}
		if (model == null) {
			this.draft.left(target.path("override_params"),
					"it takes whatever model a request names, and targets here name theirs",
					"Say which with --model or override_params.model. It is left out.");
			return null;
		}
		String type = typeOf(vendor, host);
		String name = this.draft.provider(
				(slug != null) ? ProviderSettings.plain(slug)
						: type.equals("openai-compatible") ? ProviderSettings.named("other", url(settings)) : type,
				type, settings);
		Map<String, Object> made = new LinkedHashMap<>();
		made.put("model", name + "/" + model);
		return made;
	}

	private static @Nullable String url(Map<String, Object> settings) {
		return (settings.get("base-url") instanceof String url) ? url : null;
	}

	/** The vendor that a name of the operator's own begins with, such as openai-prod. */
	private static @Nullable String vendorOf(String slug) {
		for (String name = slug; !name.isEmpty(); name = name.substring(0, Math.max(0, name.lastIndexOf('-')))) {
			if (Vendor.portkey(name) != null) {
				return name;
			}
		}
		return null;
	}

	private static String typeOf(Vendor vendor, @Nullable String host) {
		return (vendor.type().equals("openai") && host != null && !host.contains("api.openai.com"))
				? "openai-compatible" : vendor.type();
	}

	private Map<String, Object> settings(Section target, Vendor vendor, @Nullable String host, @Nullable String slug) {
		Map<String, Object> settings = new LinkedHashMap<>();
		String address = this.draft.address(target.path("custom_host"), host, "CUSTOM_HOST");
		String type = typeOf(vendor, host);
		switch (type) {
			case "azure" -> azure(target, address, settings);
			case "bedrock" -> {
				put(settings, "base-url", address);
				String region = target.text("aws_region");
				settings.put("region", (region != null) ? region : "${AWS_REGION}");
				for (String key : List.copyOf(target.keys())) {
					if (key.startsWith("aws_") && !key.equals("aws_region") && !key.equals("aws_bedrock_model")) {
						target.left(key, "credentials of AWS are those that its own tools find",
								"Set AWS_ACCESS_KEY_ID and its like, use a role, or give a Bedrock API key as api-key.");
					}
				}
			}
			case "vertex" -> {
				String project = target.text("vertex_project_id");
				String region = target.text("vertex_region");
				settings.put("project", (project != null) ? project : "${GOOGLE_CLOUD_PROJECT}");
				settings.put("region", (region != null) ? region : "${GOOGLE_CLOUD_LOCATION}");
				target.leftIfAny("vertex_service_account_json",
						"Google's credentials are those that its own tools find",
						"Set GOOGLE_APPLICATION_CREDENTIALS to the file of the service account.");
			}
			default -> put(settings, "base-url",
					(address != null) ? ProviderSettings.baseUrl(type, address, false) : vendor.baseUrl());
		}
		key(target, vendor, type, slug, settings);
		String organization = target.text("openai_organization");
		String project = target.text("openai_project");
		Map<String, Object> headers = new LinkedHashMap<>();
		put(headers, "OpenAI-Organization", organization);
		put(headers, "OpenAI-Project", project);
		if (!headers.isEmpty()) {
			settings.put("headers", headers);
		}
		target.leftIfAny("forward_headers", "headers of callers don't reach providers",
				"Set what all calls need as the provider's headers.");
		target.take("strict_open_ai_compliance");
		return settings;
	}

	private void key(Section target, Vendor vendor, String type, @Nullable String slug, Map<String, Object> settings) {
		String virtual = target.text("virtual_key");
		String key = target.text("api_key");
		if (key == null && (virtual != null || slug != null)) {
			String name = (slug != null) ? slug : String.valueOf(virtual);
			String variable = ProviderSettings.plain(vendor.type()).replace('-', '_').toUpperCase(Locale.ROOT)
					+ "_API_KEY";
			variable = (vendor.variable() != null) ? vendor.variable() : variable;
			String placeholder = this.draft.placeholder(name, variable);
			this.draft.left(target.path((virtual != null) ? "virtual_key" : "provider"),
					"the vendor's key is in Portkey's vault",
					"Get it from the vendor, and put it into the environment variable "
							+ placeholder.substring(2, placeholder.length() - 1) + " of the server.");
			put(settings, "api-key", placeholder);
			return;
		}
		this.providers.key(target.path("api_key"), type.equals(vendor.type()) ? vendor : new Vendor(type, null, null),
				key, settings);
	}

	private static void azure(Section target, @Nullable String address, Map<String, Object> settings) {
		String resource = target.text("resource_name");
		String version = target.text("api_version");
		boolean older = version != null && !version.equals("preview") && !version.equals("latest");
		String base = (address != null) ? address
				: (resource != null) ? "https://" + resource + ".openai.azure.com" : "${AZURE_OPENAI_ENDPOINT}";
		put(settings, "base-url", ProviderSettings.baseUrl("azure", base, older));
		if (older) {
			settings.put("api-version", version);
		}
		for (String key : List.copyOf(target.keys())) {
			if (key.startsWith("azure_") || key.equals("ad_auth")) {
				target.left(key, "Azure is called with a key", "Give the provider an api-key.");
			}
		}
	}

	private static void put(Map<String, Object> map, String name, @Nullable String value) {
		if (value != null) {
			map.put(name, value);
		}
	}

}
