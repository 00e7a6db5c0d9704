package dev.llmproxy.server.migration;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Reads {@code model_list}. */
final class LiteLlmModels {

	private static final Pattern REGION = Pattern.compile("([a-z]{2}(?:-[a-z]+)+-\\d)/(.+)");

	/** Ways to a model that we find ourselves. */
	private static final List<String> WAYS = List.of("converse/", "converse_like/", "invoke/", "responses/",
			"o_series/", "gpt5_series/", "chat/");

	private static final String NO_SUCH_VENDOR = "Serve it by a vendor that there is (src-docs/providers.md), or as "
			+ "'openai-compatible' with a base-url if it speaks OpenAI's dialect.";

	private final Draft draft;

	private final ProviderSettings providers;

	private final LiteLlmFacts facts;

	private final Map<String, Section> credentials = new LinkedHashMap<>();

	LiteLlmModels(Draft draft) {
		this.draft = draft;
		this.providers = new ProviderSettings(draft);
		this.facts = new LiteLlmFacts(draft);
	}

	List<Deployment> read(Section root) {
		for (Section one : root.sections("credential_list")) {
			String name = one.text("credential_name");
			if (name != null) {
				this.credentials.put(name, one.section("credential_values"));
			}
			one.section("credential_info");
		}
		List<Deployment> all = new ArrayList<>();
		for (Section model : root.sections("model_list")) {
			Deployment deployment = deployment(model);
			if (deployment != null) {
				all.add(deployment);
			}
		}
		return all;
	}

	private @Nullable Deployment deployment(Section entry) {
		String group = entry.text("model_name");
		Section params = withCredential(entry.section("litellm_params"));
		Section info = entry.section("model_info");
		entry.rest("it is not known here", "Leave it out.");
		String model = params.text("model");
		if (group == null || model == null) {
			this.draft.left(entry.path(), "it has no model_name or no litellm_params.model",
					"Correct it, or remove it.");
			return null;
		}
		String prefix = params.text("custom_llm_provider");
		int slash = model.indexOf('/');
		if (prefix == null && slash > 0 && Vendor.litellm(model.substring(0, slash)) != null) {
			prefix = model.substring(0, slash);
		}
		if (prefix != null && model.startsWith(prefix + "/")) {
			model = model.substring(prefix.length() + 1);
		}
		if (prefix == null) {
			prefix = (slash > 0) ? model.substring(0, slash) : prefixOf(model, params);
		}
		if (model.equals("*") && prefix.equals("openai") && slash < 0) {
			this.draft.detectProviders();
		}
		Vendor vendor = Vendor.litellm(prefix);
		if (vendor == null) {
			this.draft.left(params.path("model"),
					"there is no provider '" + prefix + "' here, so this deployment of '" + group + "' is left out",
					NO_SUCH_VENDOR);
			return null;
		}
		return deployment(group, prefix, vendor, model, params, info);
	}

	/** All models of all vendors, or one that is told by its name. */
	private static String prefixOf(String model, Section params) {
		String found = Vendor.ofModel(model);
		return (found != null && !params.has("api_base")) ? found : "openai";
	}

	private Section withCredential(Section params) {
		String name = params.text("litellm_credential_name");
		if (name == null) {
			return params;
		}
		Section credential = this.credentials.get(name);
		if (credential == null) {
			params.left("litellm_credential_name", "there is no credential of this name in the file",
					"Set the key of the provider.");
			return params;
		}
		Map<String, Object> values = new LinkedHashMap<>();
		for (String key : credential.keys()) {
			Object value = credential.take(key);
			if (value != null) {
				values.put(key, value);
			}
		}
		Section all = params.with(values);
		all.take("litellm_credential_name");
		return all;
	}

	private @Nullable Deployment deployment(String group, String prefix, Vendor vendor, String fullModel,
			Section params, Section info) {
		Map<String, Object> settings = new LinkedHashMap<>();
		String model = fullModel;
		for (String way : WAYS) {
			if (model.startsWith(way)) {
				model = model.substring(way.length());
			}
		}
		Matcher regional = REGION.matcher(model);
		String region = null;
		if (vendor.type().equals("bedrock") && regional.matches()) {
			region = regional.group(1);
			model = regional.group(2);
		}
		if (vendor.type().equals("vertex") && !model.startsWith("gemini") && !model.equals("*")) {
			this.draft.left(params.path("model"),
					"of Vertex AI only Google's own models are served here, so this deployment of '" + group
							+ "' is left out",
					"Serve it by the vendor itself, or by Bedrock or Azure.");
			return null;
		}
		String type = settings(prefix, vendor, region, params, settings);
		Map<String, Object> facts = this.facts.read(params, info, settings);
		BigDecimal weight = params.number("weight");
		Long order = params.whole("order");
		String total = params.seconds("timeout");
		String firstToken = params.seconds("stream_timeout");
		Long retries = params.whole("num_retries");
		Long more = params.whole("max_retries");
		String id = info.text("id");
		String baseModel = info.text("base_model");
		baseModel = (baseModel != null) ? baseModel : params.text("base_model");
		this.facts.mode(info, type);
		params.rest("it is nothing that is said of a target here",
				"If it is a parameter of requests, such as temperature, have callers send it.");
		info.rest("it is information for people or for LiteLLM's pages", "Nothing, if nobody needs it.");
		String name = !type.equals("openai-compatible") ? type : (vendor.baseUrl() != null)
				? ProviderSettings.plain(prefix) : ProviderSettings.named(prefix, baseUrl(settings));
		return new Deployment(params.path(), group, model, name, type, settings, facts, id, weight, order, total,
				firstToken, (retries != null) ? retries : more, this.facts.like(info.path("base_model"), baseModel));
	}

	private static @Nullable String baseUrl(Map<String, Object> settings) {
		return (settings.get("base-url") instanceof String url) ? url : null;
	}

	/** Address, key and the like; the type may be another one for the address. */
	private String settings(String prefix, Vendor vendor, @Nullable String region, Section params,
			Map<String, Object> settings) {
		String base = params.text("api_base");
		base = (base != null) ? base : params.text("base_url");
		String variable = prefix + "_API_BASE";
		String address = this.draft.address(params.path("api_base"), base, variable);
		String type = vendor.type();
		Vendor keyed = vendor;
		if (type.equals("openai") && address != null && !address.contains("api.openai.com")) {
			type = "openai-compatible";
			keyed = new Vendor(type, null, null);
		}
		if (type.equals("huggingface") && address != null) {
			type = "openai-compatible";
		}
		String version = params.text("api_version");
		switch (type) {
			case "azure" -> azure(address, version, settings);
			case "bedrock" -> bedrock(address, region, params, settings);
			case "vertex" -> vertex(params, settings);
			default -> {
				String url = (address != null) ? ProviderSettings.baseUrl(type, address, false) : vendor.baseUrl();
				if (url != null) {
					settings.put("base-url", url);
				}
				else if (type.equals("openai-compatible")) {
					settings.put("base-url", "${"
							+ ProviderSettings.plain(prefix).replace('-', '_').toUpperCase(Locale.ROOT) + "_API_BASE}");
				}
			}
		}
		if (address != null && address.endsWith("}") && !address.equals(settings.get("base-url"))) {
			this.draft.left(params.path("api_base"), "something is added to what the variable holds",
					"See that its value does not end with a slash, and is the address of the resource only.");
		}
		String key = params.text("api_key");
		this.providers.key(params.path("api_key"), keyed, key, settings);
		if (key == null && type.equals("openai-compatible") && vendor.type().equals("openai")) {
			this.draft.left(params.path("api_key"), "there is none, and LiteLLM sends OPENAI_API_KEY to that address",
					"Set the provider's api-key if it wants one; OpenAI's own is not sent elsewhere here.");
		}
		organization(params, settings);
		this.providers.headers(params.section("extra_headers"), settings);
		this.providers.headers(params.section("headers"), settings);
		List<String> dropped = params.texts("additional_drop_params");
		if (!dropped.isEmpty()) {
			settings.put("unsupported-fields", dropped);
		}
		return type;
	}

	private static void azure(@Nullable String address, @Nullable String version, Map<String, Object> settings) {
		boolean older = version != null && !version.equals("preview") && !version.equals("latest")
				&& !version.equals("v1");
		String base = (address != null) ? address : "${AZURE_API_BASE}";
		String url = ProviderSettings.baseUrl("azure", base, older);
		if (url != null) {
			settings.put("base-url", url);
		}
		if (older) {
			settings.put("api-version", version);
		}
	}

	private void bedrock(@Nullable String address, @Nullable String modelsRegion, Section params,
			Map<String, Object> settings) {
		String endpoint = this.draft.address(params.path("aws_bedrock_runtime_endpoint"),
				params.text("aws_bedrock_runtime_endpoint"), "AWS_BEDROCK_RUNTIME_ENDPOINT");
		String url = (endpoint != null) ? endpoint : address;
		if (url != null) {
			settings.put("base-url", url);
		}
		String region = params.text("aws_region_name");
		region = (region != null) ? region : modelsRegion;
		settings.put("region", (region != null) ? region : "${AWS_REGION_NAME:${AWS_REGION}}");
		for (String key : List.of("aws_access_key_id", "aws_secret_access_key", "aws_session_token")) {
			params.leftIfAny(key, "credentials of AWS are those that its own tools find, and one for all providers",
					"Set AWS_ACCESS_KEY_ID and its like, use a role, or give the provider a Bedrock API key as api-key.");
		}
		for (String key : List.of("aws_role_name", "aws_session_name", "aws_profile_name", "aws_web_identity_token",
				"aws_sts_endpoint", "aws_external_id")) {
			params.leftIfAny(key, "roles and profiles of AWS are those that its own tools find",
					"Set AWS_PROFILE, or AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE.");
		}
	}

	private static void vertex(Section params, Map<String, Object> settings) {
		String project = params.text("vertex_project");
		String location = params.text("vertex_location");
		settings.put("project", (project != null) ? project : "${VERTEXAI_PROJECT}");
		settings.put("region", (location != null) ? location : "${VERTEXAI_LOCATION}");
		params.leftIfAny("vertex_credentials", "Google's credentials are those that its own tools find",
				"Set GOOGLE_APPLICATION_CREDENTIALS to the file of the service account.");
	}

	private static void organization(Section params, Map<String, Object> settings) {
		String organization = params.text("organization");
		if (organization != null) {
			settings.put("headers", new LinkedHashMap<>(Map.of("OpenAI-Organization", organization)));
		}
	}

}
