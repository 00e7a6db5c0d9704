package dev.llmproxy.server.migration;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.ProviderPreset;
import dev.llmproxy.provider.ProviderPresets;
import dev.llmproxy.provider.catalog.CatalogueReader;
import dev.llmproxy.provider.catalog.ModelCatalogue;
import org.jspecify.annotations.Nullable;

/** Reads what is said of a deployment: limits, prices, what it can take. */
final class LiteLlmFacts {

	/** LiteLLM's prices are for a token, ours for a million. */
	private static final int MILLION = 6;

	private static final int MOST_DECIMALS = 9;

	private static final Map<String, String> PRICES = prices();

	private static final Map<String, String> CAPABILITIES = Map.of("supports_function_calling", "tools",
			"supports_vision", "vision", "supports_response_schema", "structured-output", "supports_pdf_input",
			"documents", "supports_audio_input", "audio");

	private static final Map<String, Operation> MODES = Map.of("embedding", Operation.EMBEDDINGS, "image_generation",
			Operation.IMAGE_GENERATION, "audio_speech", Operation.SPEECH, "audio_transcription",
			Operation.TRANSCRIPTION, "rerank", Operation.RERANK, "moderation", Operation.MODERATION, "moderations",
			Operation.MODERATION);

	private static final List<String> CHAT = List.of("chat", "completion", "responses");

	private final Draft draft;

	private final ModelCatalogue catalogue = CatalogueReader.shipped();

	LiteLlmFacts(Draft draft) {
		this.draft = draft;
	}

	private static Map<String, String> prices() {
		Map<String, String> prices = new LinkedHashMap<>();
		prices.put("input_cost_per_token", "input");
		prices.put("output_cost_per_token", "output");
		prices.put("cache_read_input_token_cost", "cached-input");
		prices.put("cache_creation_input_token_cost", "cache-write");
		prices.put("input_cost_per_audio_token", "audio-input");
		prices.put("output_cost_per_audio_token", "audio-output");
		prices.put("output_cost_per_reasoning_token", "reasoning");
		prices.put("input_cost_per_token_batches", "batch-input");
		prices.put("output_cost_per_token_batches", "batch-output");
		return prices;
	}

	/** As properties of a target. */
	Map<String, Object> read(Section params, Section info, Map<String, Object> settings) {
		Map<String, Object> facts = new LinkedHashMap<>();
		String region = params.text("region_name");
		if (region != null) {
			facts.put("region", region);
		}
		List<String> tags = params.texts("tags");
		if (!tags.isEmpty()) {
			facts.put("tags", tags);
		}
		put(facts, "limits", limits(params));
		put(facts, "prices", prices(params, info));
		put(facts, "capabilities", capabilities(info));
		for (String key : List.of("input_cost_per_second", "output_cost_per_second", "input_cost_per_character",
				"output_cost_per_character", "input_cost_per_pixel", "output_cost_per_pixel")) {
			params.leftIfAny(key, "prices are for tokens here", "Account for it elsewhere.");
			info.leftIfAny(key, "prices are for tokens here", "Account for it elsewhere.");
		}
		params.leftIfAny("mock_response", "providers are real ones here",
				"Use the simulator: simulator/demo, with llm-proxy.simulator.enabled.");
		params.leftIfAny("cache_control_injection_points", "marks for prompt caches are set by one switch for all",
				"It is llm-proxy.context.prompt-cache-marks.");
		params.leftIfAny("ssl_verify", "certificates are always checked",
				"Name a bundle with your authority: the provider's ssl-bundle, and spring.ssl.bundle.");
		return facts;
	}

	private static void put(Map<String, Object> facts, String name, Map<String, Object> values) {
		if (!values.isEmpty()) {
			facts.put(name, values);
		}
	}

	private static Map<String, Object> limits(Section params) {
		Map<String, Object> limits = new LinkedHashMap<>();
		limit(limits, "requests-per-minute", params.whole("rpm"));
		limit(limits, "tokens-per-minute", params.whole("tpm"));
		limit(limits, "concurrency", params.whole("max_parallel_requests"));
		return limits;
	}

	private static void limit(Map<String, Object> limits, String name, @Nullable Long limit) {
		if (limit != null && limit > 0) {
			limits.put(name, limit);
		}
	}

	private static Map<String, Object> prices(Section params, Section info) {
		Map<String, Object> prices = new LinkedHashMap<>();
		PRICES.forEach((theirs, ours) -> {
			BigDecimal own = params.number(theirs);
			BigDecimal told = info.number(theirs);
			BigDecimal price = (own != null) ? own : told;
			if (price != null && price.signum() >= 0) {
				BigDecimal million = price.movePointRight(MILLION).stripTrailingZeros();
				prices.put(ours, (million.scale() > MOST_DECIMALS)
						? million.setScale(MOST_DECIMALS, RoundingMode.HALF_UP) : million);
			}
		});
		return prices;
	}

	/** What it can do is taken for granted; what it can't is said. */
	private static Map<String, Object> capabilities(Section info) {
		Map<String, Object> capabilities = new LinkedHashMap<>();
		Long all = info.whole("max_tokens");
		Long input = info.whole("max_input_tokens");
		Long output = info.whole("max_output_tokens");
		output = (output != null) ? output : all;
		limit(capabilities, "context-window", input);
		limit(capabilities, "max-output", output);
		CAPABILITIES.forEach((theirs, ours) -> {
			if (Boolean.FALSE.equals(info.flag(theirs))) {
				capabilities.put(ours, false);
			}
		});
		return capabilities;
	}

	/** Whether its provider does what the model is for. */
	void mode(Section info, String type) {
		String mode = info.text("mode");
		if (mode == null || CHAT.contains(mode)) {
			return;
		}
		Operation operation = MODES.get(mode);
		ProviderPreset preset = ProviderPresets.find(type);
		if (operation == null || preset == null
				|| preset.endpoints().keySet().stream().noneMatch((key) -> key.operation() == operation)) {
			this.draft.left(info.path("mode"), "'" + mode + "' is not offered for providers of type " + type,
					"Call the provider's own API through /providers/{provider}/, or another provider.");
		}
	}

	/** A model that is known, whose facts a deployment with a name of its own has. */
	@Nullable String like(String item, @Nullable String model) {
		if (model == null) {
			return null;
		}
		String bare = model.substring(model.lastIndexOf('/') + 1);
		String type = (model.startsWith("azure/") || model.equals(bare)) ? "openai"
				: model.substring(0, model.indexOf('/')).toLowerCase(Locale.ROOT);
		if (this.catalogue.find(type, bare) == null) {
			this.draft.left(item, "of the model it names nothing is known here",
					"Say its window and prices under llm-proxy.catalogue.models (src-docs/models.md).");
			return null;
		}
		return type + "/" + bare;
	}

}
