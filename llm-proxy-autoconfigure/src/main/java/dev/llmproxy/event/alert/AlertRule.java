package dev.llmproxy.event.alert;

import java.time.Duration;
import java.util.List;

/**
 * When there is an alert, and who is told.
 *
 * @param name of the rule
 * @param subject what is looked at, in words
 * @param severity a word of the operator's
 * @param holding how long a value has to be alarming
 * @param cooldown how long after one message that it began there is no other
 */
public record AlertRule(String name, String subject, Signal signal, Comparison comparison, double threshold,
		Duration holding, Duration cooldown, String severity, List<AlertChannel> channels) {

	public AlertRule {
		if (!Double.isFinite(threshold)) {
			throw new IllegalArgumentException("the threshold must be a number");
		}
		if (holding.isNegative() || cooldown.isNegative()) {
			throw new IllegalArgumentException("'for' and 'cooldown' must not be negative");
		}
		channels = List.copyOf(channels);
	}

}
