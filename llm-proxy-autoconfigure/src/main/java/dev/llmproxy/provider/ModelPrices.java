package dev.llmproxy.provider;

import java.math.BigInteger;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Prices in nano-USD per million tokens: 2.50 USD per million are 2,500,000,000.
 * {@code null} stands for what is not known, or has no price of its own.
 *
 * @param cachedInput input that the provider's cache has
 * @param cacheWrite input that is put there for five minutes, or as long as it takes
 * @param cacheWriteHour input that is put there for an hour
 * @param reasoning thoughts, where they don't cost what an answer does
 * @param batchInput input of calls that may take longer
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

	/** All input costs the same, and all output. */
	public static ModelPrices of(long input, long output) {
		return new ModelPrices(input, output, null, null, null, null, null, null, null, null, List.of());
	}

	/** The same, with what is not known here taken from there. */
	public ModelPrices or(ModelPrices other) {
		return new ModelPrices(or(this.input, other.input), or(this.output, other.output),
				or(this.cachedInput, other.cachedInput), or(this.cacheWrite, other.cacheWrite),
				or(this.cacheWriteHour, other.cacheWriteHour), or(this.reasoning, other.reasoning),
				or(this.audioInput, other.audioInput), or(this.audioOutput, other.audioOutput),
				or(this.batchInput, other.batchInput), or(this.batchOutput, other.batchOutput),
				this.tiers.isEmpty() ? other.tiers : this.tiers);
	}

	/** Those of a prompt of so many tokens: a tier's own, and the rest as it is. */
	public ModelPrices ofPrompt(long tokens) {
		ModelPrices prices = this;
		for (Tier tier : this.tiers) {
			if (tokens > tier.above()) {
				prices = tier.or(this);
			}
		}
		return prices;
	}

	private static @Nullable Long or(@Nullable Long mine, @Nullable Long others) {
		return (mine != null) ? mine : others;
	}

	/**
	 * A price that changes as another does.
	 * @return {@code null} if one of them is not known, or the other was nothing
	 */
	public static @Nullable Long scaled(@Nullable Long price, @Nullable Long by, @Nullable Long of) {
		return (price == null || by == null || of == null || of == 0) ? null
				: BigInteger.valueOf(price).multiply(BigInteger.valueOf(by)).divide(BigInteger.valueOf(of)).longValue();
	}

	/**
	 * What all of a prompt costs that is longer than so many tokens.
	 *
	 * @param above tokens of the prompt
	 */
	public record Tier(long above, @Nullable Long input, @Nullable Long output, @Nullable Long cachedInput,
			@Nullable Long cacheWrite) {

		/** The reduction for batches is the same as for shorter prompts. */
		private ModelPrices or(ModelPrices other) {
			return new ModelPrices(this.input, this.output, this.cachedInput, this.cacheWrite, null, null, null, null,
					scaled(other.batchInput(), this.input, other.input()),
					scaled(other.batchOutput(), this.output, other.output()), List.of())
				.or(other);
		}

	}

}
