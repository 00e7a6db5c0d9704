package dev.llmproxy.observability.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;

/**
 * A query as parameters of an address: {@code from} and {@code to}, {@code period},
 * {@code by}, {@code limit}, and a value for each dimension that may be looked for.
 */
public final class UsageParameters {

	/** What is shown where nobody says from when. */
	private static final Duration USUAL = Duration.ofDays(30);

	private static final Duration LONGEST = Duration.ofDays(400);

	private static final Duration LONGEST_IN_HOURS = Duration.ofDays(31);

	private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

	private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

	private final Set<Dimension> allowed;

	private final InstantSource clock;

	/**
	 * Creates a reader.
	 * @param allowed by what may be told apart and looked for
	 */
	public UsageParameters(Set<Dimension> allowed, InstantSource clock) {
		this.allowed = Set.copyOf(allowed);
		this.clock = clock;
	}

	/** The names of all parameters. */
	public Set<String> names() {
		Set<String> names = new TreeSet<>(Set.of("from", "to", "period", "by", "limit"));
		this.allowed.forEach((dimension) -> names.add(dimension.label()));
		return names;
	}

	/**
	 * The query.
	 * @param parameters by name; those that are absent have a default
	 * @param fixed what the query is bound to, whatever the parameters say
	 * @throws LlmException naming the one that is wrong
	 */
	public UsageQuery query(Map<String, @Nullable String> parameters, Map<Dimension, String> fixed) {
		Map<Dimension, String> names = new EnumMap<>(Dimension.class);
		for (Dimension dimension : this.allowed) {
			String value = parameters.get(dimension.label());
			if (value != null) {
				names.put(dimension, value);
			}
		}
		names.putAll(fixed);
		Period period = period(parameters.get("period"));
		return new UsageQuery(filter(parameters, names, period), period, by(parameters.get("by")),
				limit(parameters.get("limit")));
	}

	private UsageFilter filter(Map<String, @Nullable String> parameters, Map<Dimension, String> names, Period period) {
		String last = parameters.get("to");
		Instant to = (last != null) ? time("to", last, Duration.ofDays(1)) : this.clock.instant().plusMillis(1);
		String first = parameters.get("from");
		Instant from = (first != null) ? time("from", first, Duration.ZERO) : to.minus(USUAL);
		if (!from.isBefore(to)) {
			throw wrong("from", "'from' has to be before 'to'.");
		}
		Duration longest = (period == Period.HOUR) ? LONGEST_IN_HOURS : LONGEST;
		if (Duration.between(from, to).compareTo(longest) > 0) {
			throw wrong("from", "From 'from' to 'to' there may be " + longest.toDays() + " days at most"
					+ ((period == Period.HOUR) ? " if it is told by the hour." : "."));
		}
		return new UsageFilter(from, to, names);
	}

	/** A time, or a day: the whole of it. */
	private static Instant time(String name, String value, Duration ofDay) {
		try {
			Instant time = (value.length() == 10)
					? LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant().plus(ofDay)
					: Instant.parse(value);
			if (time.isAfter(EARLIEST) && time.isBefore(LATEST)) {
				return time;
			}
		}
		catch (DateTimeParseException ex) {
			// Said below.
		}
		throw wrong(name, "'" + name + "' is a day such as 2026-11-26 or a time such as 2026-11-26T08:00:00Z.");
	}

	private static Period period(@Nullable String value) {
		if (value == null) {
			return Period.TOTAL;
		}
		for (Period period : Period.values()) {
			if (period.label().equals(value)) {
				return period;
			}
		}
		throw wrong("period", "'period' is one of "
				+ Arrays.stream(Period.values()).map(Period::label).collect(Collectors.joining(", ")) + ".");
	}

	private List<Dimension> by(@Nullable String value) {
		List<Dimension> by = new ArrayList<>();
		if (value == null || value.isEmpty()) {
			return by;
		}
		for (String part : value.split(",")) {
			by.add(this.allowed.stream()
				.filter((dimension) -> dimension.label().equals(part))
				.findFirst()
				.orElseThrow(() -> wrong("by",
						"'by' is any of "
								+ this.allowed.stream().map(Dimension::label).sorted().collect(Collectors.joining(", "))
								+ ", with commas between them.")));
		}
		return by;
	}

	private static int limit(@Nullable String value) {
		if (value == null) {
			return 1000;
		}
		try {
			int limit = Integer.parseInt(value);
			if (limit >= 1 && limit <= UsageQuery.MOST_ROWS) {
				return limit;
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		throw wrong("limit", "'limit' is a number from 1 to " + UsageQuery.MOST_ROWS + ".");
	}

	/** A parameter is wrong. */
	public static LlmException wrong(String parameter, String message) {
		return new LlmException(new LlmError(ErrorKind.INVALID_REQUEST, message, "invalid_parameter", parameter));
	}

}
