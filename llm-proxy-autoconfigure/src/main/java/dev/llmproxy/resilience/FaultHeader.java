package dev.llmproxy.resilience;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;

/**
 * A fault that a caller asks for in a header, such as {@code delay=2s, error=503}. Read
 * strictly: a test whose fault does not happen proves nothing.
 */
final class FaultHeader {

	static final String NAME = "llm-proxy-fault";

	/** A caller must not hold a connection for longer. */
	private static final Duration LONGEST = Duration.ofMinutes(5);

	private static final Pattern DURATION = Pattern.compile("(\\d{1,6})(ms|s|m)");

	private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");

	private static final int MOST_PARTS = 8;

	private String target = "*";

	private Duration delay = Duration.ZERO;

	private int status;

	private @Nullable Duration retryAfter;

	private boolean stall;

	private int cutAfter = -1;

	private FaultHeader() {
	}

	/**
	 * Reads the header's value.
	 * @throws LlmException that names the header, if it can't be understood
	 */
	static InjectedFault parse(String value) {
		String[] parts = value.split(",", -1);
		if (parts.length > MOST_PARTS) {
			throw malformed();
		}
		FaultHeader header = new FaultHeader();
		for (String part : parts) {
			int equals = part.indexOf('=');
			header.take(((equals < 0) ? part : part.substring(0, equals)).strip(),
					(equals < 0) ? null : part.substring(equals + 1).strip());
		}
		try {
			return new InjectedFault(header.target, 100, header.delay, header.status, header.retryAfter, header.stall,
					header.cutAfter);
		}
		catch (IllegalArgumentException ex) {
			throw malformed();
		}
	}

	private void take(String name, @Nullable String value) {
		switch (name) {
			case "target" -> this.target = required(value);
			case "delay" -> this.delay = duration(required(value));
			case "error" -> this.status = number(required(value));
			case "rate-limit" -> {
				this.status = 429;
				this.retryAfter = (value != null) ? duration(value) : null;
			}
			case "stall" -> {
				if (value != null) {
					throw malformed();
				}
				this.stall = true;
			}
			case "cut" -> this.cutAfter = (value != null) ? number(value) : 1;
			default -> throw malformed();
		}
	}

	private static String required(@Nullable String value) {
		if (value == null || value.isEmpty()) {
			throw malformed();
		}
		return value;
	}

	private static int number(String value) {
		if (!NUMBER.matcher(value).matches()) {
			throw malformed();
		}
		return Integer.parseInt(value);
	}

	private static Duration duration(String value) {
		Matcher matcher = DURATION.matcher(value);
		if (!matcher.matches()) {
			throw malformed();
		}
		long amount = Long.parseLong(matcher.group(1));
		Duration duration = switch (matcher.group(2)) {
			case "ms" -> Duration.ofMillis(amount);
			case "s" -> Duration.ofSeconds(amount);
			default -> Duration.ofMinutes(amount);
		};
		if (duration.compareTo(LONGEST) > 0) {
			throw malformed();
		}
		return duration;
	}

	private static LlmException malformed() {
		return new LlmException(new LlmError(ErrorKind.INVALID_REQUEST,
				"The header '" + NAME + "' is not understood. It has one or more of target=, delay=2s, error=503, "
						+ "rate-limit=7s, stall and cut=3, with commas in between; times are at most 5m.",
				"invalid_fault", NAME));
	}

}
