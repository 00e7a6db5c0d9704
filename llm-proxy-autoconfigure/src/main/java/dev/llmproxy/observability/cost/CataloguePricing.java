package dev.llmproxy.observability.cost;

import java.util.Set;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.provider.ModelPrices;
import dev.llmproxy.provider.Target;
import org.jspecify.annotations.Nullable;

/**
 * Prices each kind of token by what is said of the target: by its deployment where an
 * operator says it, else by the catalogue. What has no price of its own costs what all
 * other input does, or all other output. Half a nano-USD is rounded up, once for the
 * whole attempt.
 */
public final class CataloguePricing implements Pricing {

	private static final long MILLION = 1_000_000;

	/**
	 * Tiers that providers charge at the price of a batch: OpenAI's flex processing and
	 * batches of any provider.
	 */
	private static final Set<String> BATCH = Set.of("batch", "flex");

	@Override
	public @Nullable Long cost(Target target, Usage usage) {
		ModelPrices prices = target.deployment().prices();
		return (prices != null) ? cost(prices, usage) : null;
	}

	/**
	 * The cost of so many tokens.
	 * @return nano-USD; {@code null} if there are tokens whose price is not known
	 */
	static @Nullable Long cost(ModelPrices all, Usage usage) {
		ModelPrices prices = all.ofPrompt(usage.inputTokens());
		boolean batch = usage.serviceTier() != null && BATCH.contains(usage.serviceTier());
		Sum input = new Sum(prices.input(), batch ? prices.batchInput() : null);
		input.add(usage.cacheReadTokens(), prices.cachedInput());
		long hour = Math.min(usage.cacheWriteHourTokens(), usage.cacheWriteTokens());
		input.add(hour, (prices.cacheWriteHour() != null) ? prices.cacheWriteHour() : prices.cacheWrite());
		input.add(usage.cacheWriteTokens() - hour, prices.cacheWrite());
		// Audio that came from the cache is counted there.
		long cached = usage.cacheReadTokens() + usage.cacheWriteTokens();
		long audio = Math.max(0, Math.min(usage.audioInputTokens(), usage.inputTokens() - cached));
		input.add(audio, prices.audioInput());
		input.add(usage.inputTokens() - cached - audio, prices.input());
		Sum output = new Sum(prices.output(), batch ? prices.batchOutput() : null);
		output.add(usage.reasoningTokens(), prices.reasoning());
		output.add(usage.audioOutputTokens(), prices.audioOutput());
		output.add(usage.outputTokens() - usage.reasoningTokens() - usage.audioOutputTokens(), prices.output());
		return (input.unknown || output.unknown) ? null
				: Math.addExact(input.whole, output.whole) + rounded(input, output);
	}

	private static long rounded(Sum input, Sum output) {
		return Math.floorDiv(input.millionths + output.millionths + MILLION / 2, MILLION);
	}

	/** Adds what tokens cost, without losing parts of a nano-USD. */
	private static final class Sum {

		private final @Nullable Long standard;

		private final @Nullable Long reduced;

		private long whole;

		private long millionths;

		private boolean unknown;

		Sum(@Nullable Long standard, @Nullable Long reduced) {
			this.standard = standard;
			this.reduced = reduced;
		}

		void add(long tokens, @Nullable Long own) {
			if (tokens <= 0) {
				return;
			}
			Long price = (own != null) ? own : this.standard;
			if (price == null) {
				this.unknown = true;
				return;
			}
			// The reduction is the same for what has a price of its own.
			Long less = (this.reduced != null) ? ModelPrices.scaled(price, this.reduced, this.standard) : null;
			addAt((less != null) ? less : price, tokens);
		}

		private void addAt(long price, long tokens) {
			long high = Math.multiplyHigh(tokens % MILLION, price);
			if (high != 0) {
				throw new ArithmeticException("A price of more than any");
			}
			long product = (tokens % MILLION) * price;
			this.whole = Math.addExact(this.whole, Math.multiplyExact(tokens / MILLION, price) + product / MILLION);
			this.millionths += product % MILLION;
		}

	}

}
