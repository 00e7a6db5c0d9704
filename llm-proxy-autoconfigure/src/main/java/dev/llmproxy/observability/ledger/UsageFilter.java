package dev.llmproxy.observability.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which entries are meant. Time is looked at by whole hours, so that every store gives
 * the same answer, those included that keep sums only.
 *
 * @param from the first hour, inclusive; rounded down
 * @param to the end, exclusive; rounded up
 * @param names exact values of dimensions, all of which have to be met, made harmless as
 * those of entries are; for the team an empty one for none
 */
public record UsageFilter(Instant from, Instant to, Map<Dimension, String> names) {

	private static final Duration HOUR = Duration.ofHours(1);

	public UsageFilter {
		from = Period.floor(from, HOUR);
		to = Period.floor(to.plus(HOUR).minusNanos(1), HOUR);
		names = names.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (name) -> LedgerEntry.harmless(name.getValue())));
		if (!from.isBefore(to)) {
			throw new IllegalArgumentException("The end is not after the beginning");
		}
	}

	/** Whether an entry is meant. */
	boolean matches(LedgerEntry entry) {
		return matches(entry.time())
				&& this.names.entrySet().stream().allMatch((name) -> name.getValue().equals(name.getKey().of(entry)));
	}

	boolean matches(Instant time) {
		return !time.isBefore(this.from) && time.isBefore(this.to);
	}

}
