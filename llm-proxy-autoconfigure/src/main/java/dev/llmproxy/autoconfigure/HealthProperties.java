package dev.llmproxy.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is told of providers' health.
 *
 * @param readiness what has to work for the gateway to be ready
 * @param probe whether providers are asked how they are
 */
@ConfigurationProperties("llm-proxy.health")
record HealthProperties(@DefaultValue("always") Readiness readiness, @DefaultValue Probe probe) {

	/** The time for which a list of models that callers asked for is kept. */
	private static final Duration SHORTEST_MEMORY = Duration.ofMinutes(6);

	/** How long what a probe said is believed. */
	Duration memory() {
		Duration rounds = this.probe.interval().multipliedBy(3);
		return (this.probe.enabled() && rounds.compareTo(SHORTEST_MEMORY) > 0) ? rounds : SHORTEST_MEMORY;
	}

	/** What has to work for the gateway to be ready. */
	enum Readiness {

		/** The gateway itself. */
		ALWAYS,

		/** One provider at least. */
		ANY_PROVIDER,

		/** Of each route one target at least. */
		ALL_ROUTES

	}

	/**
	 * Asks providers for their models, which costs nothing.
	 *
	 * @param enabled whether they are asked without a caller
	 * @param interval how often each is asked
	 * @param timeout after which it has failed
	 * @param jitter how much the interval varies at random, as a share of it
	 */
	record Probe(@DefaultValue("false") boolean enabled, @DefaultValue("30s") Duration interval,
			@DefaultValue("5s") Duration timeout, @DefaultValue("0.1") double jitter) {

		Probe {
			positive("interval", interval);
			positive("timeout", timeout);
			if (!(jitter >= 0 && jitter <= 1)) {
				throw new InvalidPropertyException("llm-proxy.health.probe.jitter", "it must be between 0 and 1",
						"Use 0.1 for a tenth of the interval.");
			}
		}

		private static void positive(String name, Duration duration) {
			if (duration.isZero() || duration.isNegative()) {
				throw new InvalidPropertyException("llm-proxy.health.probe." + name, "it must be longer than nothing",
						"Use a time such as 30s.");
			}
		}

	}

}
