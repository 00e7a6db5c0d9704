package dev.llmproxy.autoconfigure;

import java.time.Duration;

import dev.llmproxy.provider.simulator.SimulatorSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The built-in provider without a model.
 *
 * @param enabled whether it is on offer; by default only where there is no other provider
 * @param tokensPerSecond the pace of its answers; 0 for all at once
 * @param firstTokenDelay until an answer, or a failure, begins
 * @param stallTimeout after which an answer that stalls is given up
 * @param embeddingDimensions length of its vectors where the caller does not say, up to
 * 4096
 */
@ConfigurationProperties(value = "llm-proxy.simulator", ignoreUnknownFields = false)
record SimulatorProperties(@Nullable Boolean enabled, @DefaultValue("100") double tokensPerSecond,
		@DefaultValue("200ms") Duration firstTokenDelay, @DefaultValue("5m") Duration stallTimeout,
		@DefaultValue("1536") int embeddingDimensions) {

	/**
	 * The same for the library.
	 * @throws InvalidPropertyException if a value is out of its bounds
	 */
	SimulatorSettings settings() {
		try {
			return new SimulatorSettings(this.tokensPerSecond, this.firstTokenDelay, this.stallTimeout,
					this.embeddingDimensions);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException("llm-proxy.simulator", String.valueOf(ex.getMessage()),
					"Correct the value, or leave it out.");
		}
	}

}
