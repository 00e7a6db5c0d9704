package dev.llmproxy.observability.trace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The {@code tracestate} of W3C Trace Context: up to 32 members of the form
 * {@code key=value}, each vendor's own.
 */
final class Tracestate {

	private static final int MOST_MEMBERS = 32;

	/** So much has to be passed on; more than that is not. */
	private static final int MOST_LENGTH = 512;

	private Tracestate() {
	}

	/** The same if it is well formed; {@code null} if it is not, or empty. */
	static @Nullable String valid(String state) {
		List<String> members = members(state);
		return (members != null && !members.isEmpty()) ? String.join(",", members) : null;
	}

	/** As OpenTelemetry has it. */
	static TraceState parse(@Nullable String state) {
		List<String> members = (state != null) ? members(state) : null;
		if (members == null || members.isEmpty()) {
			return TraceState.getDefault();
		}
		TraceStateBuilder builder = TraceState.builder();
		// What is put last comes first.
		for (int i = members.size() - 1; i >= 0; i--) {
			String member = members.get(i);
			int equals = member.indexOf('=');
			builder.put(member.substring(0, equals), member.substring(equals + 1));
		}
		return builder.build();
	}

	private static @Nullable List<String> members(String state) {
		if (state.length() > MOST_LENGTH) {
			return null;
		}
		List<String> members = new ArrayList<>();
		Set<String> keys = new HashSet<>();
		for (String part : state.split(",", -1)) {
			String member = strip(part);
			if (member.isEmpty()) {
				continue;
			}
			int equals = member.indexOf('=');
			if (equals < 0 || !isKey(member.substring(0, equals)) || !isValue(member.substring(equals + 1))
					|| !keys.add(member.substring(0, equals)) || members.size() == MOST_MEMBERS) {
				return null;
			}
			members.add(member);
		}
		return members;
	}

	/** Optional white space is spaces and tabs. */
	private static String strip(String part) {
		int from = 0;
		int to = part.length();
		while (from < to && isBlank(part.charAt(from))) {
			from++;
		}
		while (to > from && isBlank(part.charAt(to - 1))) {
			to--;
		}
		return part.substring(from, to);
	}

	private static boolean isBlank(char c) {
		return c == ' ' || c == '\t';
	}

	/** {@code vendor}, or {@code tenant@vendor}. */
	private static boolean isKey(String key) {
		int at = key.indexOf('@');
		if (at < 0) {
			return isName(key, 256) && !isDigit(key.charAt(0));
		}
		String vendor = key.substring(at + 1);
		return isName(key.substring(0, at), 241) && isName(vendor, 14) && !isDigit(vendor.charAt(0));
	}

	private static boolean isName(String name, int most) {
		if (name.isEmpty() || name.length() > most) {
			return false;
		}
		char first = name.charAt(0);
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (!((c >= 'a' && c <= 'z') || isDigit(c) || "_-*/".indexOf(c) >= 0)) {
				return false;
			}
		}
		return (first >= 'a' && first <= 'z') || isDigit(first);
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	/** Printable ASCII but for comma and equals sign, not ending in a space. */
	private static boolean isValue(String value) {
		if (value.isEmpty() || value.length() > 256 || value.charAt(value.length() - 1) == ' ') {
			return false;
		}
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if (c < 0x20 || c > 0x7e || c == ',' || c == '=') {
				return false;
			}
		}
		return true;
	}

}
