package dev.llmproxy.provider.simulator;

import java.time.Duration;

/**
 * How the simulator behaves where a model's name does not say otherwise.
 *
 * @param tokensPerSecond the pace of answers; 0 for all at once
 * @param firstTokenDelay until an answer, or a failure, begins; not negative
 * @param stallTimeout after which a stalled answer is given up, as real providers' are;
 * positive
 * @param embeddingDimensions length of vectors, where the caller does not say; 1 to
 * {@value #MAX_DIMENSIONS}
 */
public record SimulatorSettings(double tokensPerSecond, Duration firstTokenDelay, Duration stallTimeout,
		int embeddingDimensions) {

	/** The longest vector. */
	public static final int MAX_DIMENSIONS = 4096;

	public static final SimulatorSettings DEFAULT = new SimulatorSettings(100, Duration.ofMillis(200),
			Duration.ofMinutes(5), 1536);

	public SimulatorSettings {
		if (!(tokensPerSecond >= 0) || Double.isInfinite(tokensPerSecond)) {
			throw new IllegalArgumentException("tokensPerSecond must be 0 or positive");
		}
		if (firstTokenDelay.isNegative()) {
			throw new IllegalArgumentException("firstTokenDelay must not be negative");
		}
		if (stallTimeout.isNegative() || stallTimeout.isZero()) {
			throw new IllegalArgumentException("stallTimeout must be positive");
		}
		if (embeddingDimensions < 1 || embeddingDimensions > MAX_DIMENSIONS) {
			throw new IllegalArgumentException("embeddingDimensions must be between 1 and " + MAX_DIMENSIONS);
		}
	}

}
