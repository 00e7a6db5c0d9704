package dev.llmproxy.resilience;

import java.time.Duration;

/**
 * How long a target rests that had too many requests.
 *
 * @param base where the provider does not say how long; doubles with each further refusal
 * @param max more is not rested, whatever the provider says
 * @param spent the least after a refusal because money or quota is used up
 */
public record CooldownSettings(Duration base, Duration max, Duration spent) {

	public static final CooldownSettings DEFAULT = new CooldownSettings(Duration.ofSeconds(5), Duration.ofMinutes(5),
			Duration.ofMinutes(1));

	public CooldownSettings {
		if (base.isNegative() || base.compareTo(max) > 0 || spent.compareTo(max) > 0) {
			throw new IllegalArgumentException("A cooldown must not be negative, nor longer than the longest");
		}
	}

}
