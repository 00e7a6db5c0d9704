package dev.llmproxy.web;

import java.math.BigDecimal;
import java.util.Set;
import java.util.TreeSet;

import dev.llmproxy.provider.ModelPrices;
import dev.llmproxy.provider.NanoUsd;
import dev.llmproxy.provider.catalog.ListedModel;
import dev.llmproxy.provider.catalog.ModelFacts;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is known of a model, in JSON: fields beside those of the dialect, which SDKs
 * ignore. Prices are in US dollars per million tokens.
 */
final class ModelFields {

	private ModelFields() {
	}

	/**
	 * Adds what is known.
	 * @param gemini whether the limits have names of their own in the dialect
	 */
	static void add(ObjectNode node, ListedModel model, boolean gemini) {
		if (model.staleSince() != null) {
			node.put("stale_since", model.staleSince().getEpochSecond());
		}
		ModelFacts facts = model.facts();
		if (facts == null) {
			return;
		}
		count(node, gemini ? "inputTokenLimit" : "context_window", facts.contextWindow());
		count(node, gemini ? "outputTokenLimit" : "max_output_tokens", facts.maxOutput());
		names(node, "input_modalities", facts.inputModalities());
		names(node, "output_modalities", facts.outputModalities());
		flag(node, "tools", facts.tools());
		flag(node, "structured_output", facts.structuredOutput());
		flag(node, "reasoning", facts.reasoning());
		if (facts.retired() != null) {
			node.put("retired", facts.retired().toString());
		}
		prices(node, facts.prices());
	}

	private static void prices(ObjectNode node, ModelPrices prices) {
		if (prices.equals(ModelPrices.NONE)) {
			return;
		}
		ObjectNode pricing = node.putObject("pricing");
		price(pricing, "input", prices.input());
		price(pricing, "output", prices.output());
		price(pricing, "cached_input", prices.cachedInput());
		price(pricing, "cache_write", prices.cacheWrite());
		price(pricing, "cache_write_hour", prices.cacheWriteHour());
		price(pricing, "reasoning", prices.reasoning());
		price(pricing, "audio_input", prices.audioInput());
		price(pricing, "audio_output", prices.audioOutput());
		price(pricing, "batch_input", prices.batchInput());
		price(pricing, "batch_output", prices.batchOutput());
		if (!prices.tiers().isEmpty()) {
			ArrayNode tiers = pricing.putArray("tiers");
			for (ModelPrices.Tier tier : prices.tiers()) {
				ObjectNode one = tiers.addObject().put("above", tier.above());
				price(one, "input", tier.input());
				price(one, "output", tier.output());
				price(one, "cached_input", tier.cachedInput());
				price(one, "cache_write", tier.cacheWrite());
			}
		}
	}

	private static void count(ObjectNode node, String name, int count) {
		if (count > 0) {
			node.put(name, count);
		}
	}

	private static void flag(ObjectNode node, String name, @Nullable Boolean flag) {
		if (flag != null) {
			node.put(name, flag);
		}
	}

	private static void names(ObjectNode node, String name, Set<String> names) {
		if (!names.isEmpty()) {
			ArrayNode array = node.putArray(name);
			new TreeSet<>(names).forEach(array::add);
		}
	}

	private static void price(ObjectNode node, String name, @Nullable Long nanos) {
		if (nanos != null) {
			BigDecimal dollars = NanoUsd.dollars(nanos);
			// Not 1E+1.
			node.put(name, (dollars.scale() < 0) ? dollars.setScale(0) : dollars);
		}
	}

}
