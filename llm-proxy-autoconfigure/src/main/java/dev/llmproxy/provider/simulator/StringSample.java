package dev.llmproxy.provider.simulator;

import java.util.Iterator;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Strings that have a format, match a pattern, or are as long as they must be. Addresses
 * are from the ranges for documentation (RFC 2606, RFC 5737, RFC 3849).
 */
final class StringSample {

	private static final int LONGEST = 2000;

	private final Iterator<String> words;

	StringSample(Iterator<String> words) {
		this.words = words;
	}

	String of(Schema schema, String name, int index) {
		String format = schema.text("format");
		String formatted = (format != null) ? formatted(format.toLowerCase(Locale.ROOT), index) : null;
		if (formatted != null) {
			return formatted;
		}
		int least = (int) Math.min(LONGEST, schema.number("minLength", 0));
		int most = (int) Math.max(0, Math.min(LONGEST, schema.number("maxLength", LONGEST)));
		String pattern = schema.text("pattern");
		String matching = (pattern != null) ? PatternSample.of(pattern, least) : null;
		return (matching != null) ? matching : fitted(text(name, index), least, most);
	}

	private String text(String name, int index) {
		if (this.words.hasNext()) {
			return this.words.next();
		}
		String what = name.isEmpty() ? "example" : "example " + name.replace('_', ' ').replace('-', ' ');
		return (index > 0) ? what + " " + (index + 1) : what;
	}

	private static String fitted(String text, int least, int most) {
		int length = text.codePointCount(0, text.length());
		if (length > most) {
			return text.substring(0, text.offsetByCodePoints(0, most));
		}
		return (length < least) ? text + "x".repeat(least - length) : text;
	}

	private static @Nullable String formatted(String format, int index) {
		int number = index + 1;
		return switch (format) {
			case "date-time" -> "2025-01-15T12:00:%02dZ".formatted(index % 60);
			case "date" -> "2025-01-%02d".formatted(1 + index % 28);
			case "time" -> "12:00:%02dZ".formatted(index % 60);
			case "duration" -> "P" + number + "D";
			case "email", "idn-email" -> (index > 0) ? "user" + number + "@example.com" : "user@example.com";
			case "hostname", "idn-hostname" -> (index > 0) ? "host" + number + ".example.com" : "example.com";
			case "ipv4" -> "192.0.2." + (1 + index % 254);
			case "ipv6" -> "2001:db8::" + Integer.toHexString(number);
			case "uri", "url", "iri" -> "https://example.com/" + ((index > 0) ? number : "");
			case "uri-reference", "iri-reference", "json-pointer" -> "/example" + ((index > 0) ? number : "");
			case "uuid" -> "00000000-0000-4000-8000-%012d".formatted(number);
			case "byte", "binary" -> "ZXhhbXBsZQ==";
			case "regex" -> ".*";
			default -> null;
		};
	}

}
