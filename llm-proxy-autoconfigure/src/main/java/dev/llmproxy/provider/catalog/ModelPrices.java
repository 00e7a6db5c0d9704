package dev.llmproxy.provider.catalog;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Prices in nano-USD per million tokens; {@code null} for what is not known, or has no
 * price of its own.
 *
 * @param cachedInput input that the provider's cache has
 * @param cacheWrite input that is put there for five minutes, or as long as it takes
 * @param cacheWriteHour input that is put there for an hour
 * @param reasoning thoughts, where they don't cost what an answer does
 * @param batchInput input of calls that may take a day
 * @param tiers for longer prompts, by ascending length
 */
public record ModelPrices(@Nullable Long input, @Nullable Long output, @Nullable Long cachedInput,
		@Nullable Long cacheWrite, @Nullable Long cacheWriteHour, @Nullable Long reasoning, @Nullable Long audioInput,
		@Nullable Long audioOutput, @Nullable Long batchInput, @Nullable Long batchOutput, List<Tier> tiers) {

	/** Nothing is known. */
	public static final ModelPrices NONE = new ModelPrices(null, null, null, null, null, null, null, null, null, null,
			List.of());

	public ModelPrices {
		tiers = List.copyOf(tiers);
	}

	/** The same, with what is not known here taken from there. */
	ModelPrices or(ModelPrices other) {
		return new ModelPrices(or(this.input, other.input), or(this.output, other.output),
				or(this.cachedInput, other.cachedInput), or(this.cacheWrite, other.cacheWrite),
				or(this.cacheWriteHour, other.cacheWriteHour), or(this.reasoning, other.reasoning),
				or(this.audioInput, other.audioInput), or(this.audioOutput, other.audioOutput),
				or(this.batchInput, other.batchInput), or(this.batchOutput, other.batchOutput),
				this.tiers.isEmpty() ? other.tiers : this.tiers);
	}

	private static @Nullable Long or(@Nullable Long mine, @Nullable Long others) {
		return (mine != null) ? mine : others;
	}

	/**
	 * What all of a prompt costs that is longer than so many tokens.
	 *
	 * @param above tokens of the prompt
	 */
	public record Tier(long above, @Nullable Long input, @Nullable Long output, @Nullable Long cachedInput,
			@Nullable Long cacheWrite) {
	}

}
