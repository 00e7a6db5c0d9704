package dev.llmproxy.autoconfigure;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is known of models.
 *
 * @param location a file with facts that go before those that come along
 * @param models facts that go before all others, by provider/model
 * @param discovery how lists of providers' models are kept
 */
@ConfigurationProperties("llm-proxy.catalogue")
record CatalogueProperties(@Nullable String location, @DefaultValue Map<String, Model> models,
		@DefaultValue Discovery discovery) {

	/**
	 * How lists of providers' models are kept.
	 *
	 * @param ttl how old a list gets before the provider is asked again
	 * @param timeout how long a provider is waited for
	 */
	record Discovery(@DefaultValue("5m") Duration ttl, @DefaultValue("5s") Duration timeout) {

		Discovery {
			positive("ttl", ttl);
			positive("timeout", timeout);
		}

		private static void positive(String name, Duration duration) {
			if (duration.isZero() || duration.isNegative()) {
				throw new InvalidPropertyException("llm-proxy.catalogue.discovery." + name,
						"it must be longer than nothing", "Use a time such as 5m.");
			}
		}

	}

	/**
	 * Facts of a model. What is not said stays as it is known.
	 *
	 * @param like a model of the catalogue that it is like in all that is not said here
	 * @param contextWindow tokens of prompt and answer together
	 * @param maxOutput tokens of an answer
	 * @param inputModalities of text, image, audio, video and document
	 * @param outputModalities of text, image, audio and embedding
	 * @param tools whether it calls tools
	 * @param structuredOutput whether it answers in JSON of a given schema
	 * @param reasoning whether it thinks before it answers
	 * @param retired the day on which its provider ends it
	 * @param prices in US dollars per million tokens
	 */
	record Model(@Nullable String like, @DefaultValue("0") int contextWindow, @DefaultValue("0") int maxOutput,
			@DefaultValue Set<String> inputModalities, @DefaultValue Set<String> outputModalities,
			@Nullable Boolean tools, @Nullable Boolean structuredOutput, @Nullable Boolean reasoning,
			@Nullable LocalDate retired, @DefaultValue Prices prices) {
	}

	/**
	 * Prices in US dollars per million tokens.
	 *
	 * @param input of a prompt
	 * @param output of an answer
	 * @param cachedInput of what the provider's cache has of a prompt
	 * @param cacheWrite of what is put there
	 * @param cacheWriteHour of what is put there for an hour
	 * @param reasoning of thoughts, where they don't cost what an answer does
	 * @param audioInput of recordings
	 * @param audioOutput of speech
	 * @param batchInput of prompts that may wait for a day
	 * @param batchOutput of their answers
	 * @param tiers for longer prompts
	 */
	record Prices(@Nullable BigDecimal input, @Nullable BigDecimal output, @Nullable BigDecimal cachedInput,
			@Nullable BigDecimal cacheWrite, @Nullable BigDecimal cacheWriteHour, @Nullable BigDecimal reasoning,
			@Nullable BigDecimal audioInput, @Nullable BigDecimal audioOutput, @Nullable BigDecimal batchInput,
			@Nullable BigDecimal batchOutput, @DefaultValue List<Tier> tiers) {
	}

	/**
	 * Prices of longer prompts.
	 *
	 * @param above tokens of the prompt
	 * @param input of such a prompt, all of it
	 * @param output of an answer to it
	 * @param cachedInput of what the provider's cache has of it
	 * @param cacheWrite of what is put there
	 */
	record Tier(long above, @Nullable BigDecimal input, @Nullable BigDecimal output, @Nullable BigDecimal cachedInput,
			@Nullable BigDecimal cacheWrite) {
	}

}
