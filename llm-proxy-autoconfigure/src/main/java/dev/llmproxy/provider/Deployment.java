package dev.llmproxy.provider;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What an operator says of a {@link Target}, and what else is known of it.
 *
 * @param weight its share among siblings; positive
 * @param priority lower ones are tried first
 * @param tags what a route's conditions may ask for
 * @param region where the data goes; {@code null} where nobody said
 * @param capabilities what the operator says it can take, which is checked
 * @param prices what the operator says, or what is known; {@code null} where nobody said
 * @param known what it can take as far as anybody knows: worth a look before others are
 * asked, but no reason to refuse a request, or to decode one
 */
public record Deployment(int weight, int priority, Set<String> tags, @Nullable String region, Capabilities capabilities,
		Limits limits, @Nullable ModelPrices prices, Capabilities known) {

	/** Nothing is said. */
	public static final Deployment PLAIN = new Deployment(1, 0, Set.of(), null, Capabilities.UNKNOWN, Limits.NONE,
			null);

	/** Nothing else is known of it. */
	public Deployment(int weight, int priority, Set<String> tags, @Nullable String region, Capabilities capabilities,
			Limits limits, @Nullable ModelPrices prices) {
		this(weight, priority, tags, region, capabilities, limits, prices, Capabilities.UNKNOWN);
	}

	public Deployment {
		if (weight <= 0) {
			throw new IllegalArgumentException("weight must be positive");
		}
		tags = Set.copyOf(tags);
	}

	/**
	 * What the model can take. Unknown is taken for yes: the provider will say.
	 *
	 * @param contextWindow tokens of prompt and answer together; 0 where unknown
	 * @param maxOutput tokens of an answer; 0 where unknown
	 */
	public record Capabilities(int contextWindow, int maxOutput, @Nullable Boolean tools, @Nullable Boolean vision,
			@Nullable Boolean structuredOutput, @Nullable Boolean documents, @Nullable Boolean audio) {

		public static final Capabilities UNKNOWN = new Capabilities(0, 0, null, null, null, null, null);

		public Capabilities {
			if (contextWindow < 0 || maxOutput < 0) {
				throw new IllegalArgumentException("A number of tokens must not be negative");
			}
		}

		/** Whether any request is taken, as far as anybody knows. */
		public boolean unrestricted() {
			return this.contextWindow == 0 && this.maxOutput == 0 && !Boolean.FALSE.equals(this.tools)
					&& !Boolean.FALSE.equals(this.vision) && !Boolean.FALSE.equals(this.structuredOutput)
					&& !Boolean.FALSE.equals(this.documents) && !Boolean.FALSE.equals(this.audio);
		}

	}

	/**
	 * What the provider grants this deployment; 0 for no limit of ours.
	 *
	 * @param concurrency calls under way at once
	 */
	public record Limits(long requestsPerMinute, long tokensPerMinute, int concurrency) {

		public static final Limits NONE = new Limits(0, 0, 0);

		public Limits {
			if (requestsPerMinute < 0 || tokensPerMinute < 0 || concurrency < 0) {
				throw new IllegalArgumentException("A limit must not be negative");
			}
		}

	}

}
