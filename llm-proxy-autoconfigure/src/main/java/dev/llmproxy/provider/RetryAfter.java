package dev.llmproxy.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * How long a provider asks us to wait: {@code retry-after-ms}, then
 * {@code x-ms-retry-after-ms}, then {@code retry-after} as seconds or as a date (RFC 9110
 * §10.2.3).
 */
final class RetryAfter {

	/** More than this is not believed. */
	static final Duration MAXIMUM = Duration.ofHours(1);

	private RetryAfter() {
	}

	/**
	 * Reads the hint.
	 * @return between zero and {@link #MAXIMUM}; {@code null} where there is none that
	 * makes sense
	 */
	static @Nullable Duration parse(HttpHeaders headers) {
		Duration millis = number(headers.get("retry-after-ms"), 1);
		if (millis == null) {
			millis = number(headers.get("x-ms-retry-after-ms"), 1);
		}
		if (millis != null) {
			return millis;
		}
		String value = headers.get("retry-after");
		Duration seconds = number(value, 1000);
		return (seconds != null || value == null) ? seconds : date(value);
	}

	private static @Nullable Duration number(@Nullable String text, long unitMillis) {
		if (text == null) {
			return null;
		}
		try {
			double value = Double.parseDouble(text.trim()) * unitMillis;
			return (value >= 0) ? Duration.ofMillis((long) Math.min(value, (double) MAXIMUM.toMillis())) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static @Nullable Duration date(String text) {
		try {
			Duration wait = Duration.between(Instant.now(),
					Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.trim())));
			if (wait.isNegative()) {
				return Duration.ZERO;
			}
			return (wait.compareTo(MAXIMUM) > 0) ? MAXIMUM : wait;
		}
		catch (DateTimeParseException ex) {
			return null;
		}
	}

}
