package dev.llmproxy.autoconfigure;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

import dev.llmproxy.provider.catalog.CatalogueReader;
import dev.llmproxy.provider.catalog.ModelCatalogue;
import dev.llmproxy.provider.catalog.ModelEntry;
import dev.llmproxy.provider.catalog.ModelFacts;
import dev.llmproxy.provider.ModelPrices;
import org.jspecify.annotations.Nullable;

/**
 * What a catalogue is made of beside the facts that come along.
 *
 * @param file the text of the operator's file; empty if there is none
 */
record ConfiguredCatalogue(CatalogueProperties properties, String file) {

	private static final String LOCATION = "llm-proxy.catalogue.location";

	/**
	 * Reads the file.
	 * @throws InvalidPropertyException if it can't be read
	 */
	static ConfiguredCatalogue read(CatalogueProperties properties) {
		String location = properties.location();
		if (location == null || location.isBlank()) {
			return new ConfiguredCatalogue(properties, "");
		}
		try {
			return new ConfiguredCatalogue(properties, Files.readString(path(location)));
		}
		catch (IOException | InvalidPathException ex) {
			throw new InvalidPropertyException(LOCATION, "'" + location + "' can't be read", "Name a file in YAML.");
		}
	}

	static Path path(String location) {
		return Path.of(location.startsWith("file:") ? location.substring("file:".length()) : location);
	}

	/**
	 * Puts all facts together.
	 * @throws InvalidPropertyException if some can't be
	 */
	ModelCatalogue over(ModelCatalogue shipped) {
		ModelCatalogue catalogue = this.file.isEmpty() ? shipped : checked(LOCATION, () -> shipped
			.with(CatalogueReader.file(new ByteArrayInputStream(this.file.getBytes(StandardCharsets.UTF_8)))));
		for (var model : this.properties.models().entrySet()) {
			String property = "llm-proxy.catalogue.models[" + model.getKey() + "]";
			catalogue = with(catalogue, property, model.getKey(), model.getValue());
		}
		return catalogue;
	}

	private static ModelCatalogue with(ModelCatalogue catalogue, String property, String id,
			CatalogueProperties.Model model) {
		return checked(property,
				() -> catalogue.with(List.of(new ModelEntry(new ModelFacts(id, model.contextWindow(), model.maxOutput(),
						CatalogueReader.modalities(model.inputModalities()),
						CatalogueReader.modalities(model.outputModalities()), model.tools(), model.structuredOutput(),
						model.reasoning(), model.retired(), prices(model.prices()), ModelFacts.Source.PROPERTY),
						model.like()))));
	}

	private static ModelPrices prices(CatalogueProperties.Prices prices) {
		return new ModelPrices(nanos(prices.input()), nanos(prices.output()), nanos(prices.cachedInput()),
				nanos(prices.cacheWrite()), nanos(prices.cacheWriteHour()), nanos(prices.reasoning()),
				nanos(prices.audioInput()), nanos(prices.audioOutput()), nanos(prices.batchInput()),
				nanos(prices.batchOutput()),
				prices.tiers()
					.stream()
					.map((tier) -> new ModelPrices.Tier(tier.above(), nanos(tier.input()), nanos(tier.output()),
							nanos(tier.cachedInput()), nanos(tier.cacheWrite())))
					.toList());
	}

	private static @Nullable Long nanos(@Nullable BigDecimal dollars) {
		return (dollars != null) ? CatalogueReader.nanos(dollars) : null;
	}

	private static <T> T checked(String property, Supplier<T> made) {
		try {
			return made.get();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException(property, String.valueOf(ex.getMessage()),
					"Correct it, or leave it out: what is not said stays as it is known.");
		}
	}

}
