package dev.llmproxy.cache;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;

/**
 * What one request says of the cache: by its header {@code Cache-Control} (RFC 9111,
 * section 5.2.1), and by the member {@code cache} of its body, as LiteLLM has it.
 *
 * @param wanted whether it asks to be cached where that is not done otherwise
 * @param noCache an answer that is known already is not wanted
 * @param noStore neither is the answer to be kept, nor one that was
 * @param onlyIfCached nobody is to be called
 * @param maxAge the oldest answer that is wanted; {@code null} for any
 * @param maxStale how long after its time an answer is wanted; {@code null} if not at all
 * @param ttl how long the answer is good for; {@code null} for the configured time
 * @param namespace only answers to requests of the same namespace are wanted
 */
record Directives(boolean wanted, boolean noCache, boolean noStore, boolean onlyIfCached, @Nullable Duration maxAge,
		@Nullable Duration maxStale, @Nullable Duration ttl, String namespace) {

	static final Directives NONE = new Directives(false, false, false, false, null, null, null, "");

	private static final Set<String> MEMBERS = Set.of("ttl", "s-maxage", "no-cache", "no-store", "use-cache",
			"namespace");

	private static final int LONGEST_NAMESPACE = 256;

	/** RFC 9111, section 1.2.2: what is longer counts as this. */
	private static final long LONGEST_SECONDS = Integer.MAX_VALUE;

	/**
	 * Reads the member {@code cache} of a body.
	 * @throws LlmException if it is not what it should be
	 */
	static Directives ofBody(@Nullable Object member) {
		if (member == null) {
			return NONE;
		}
		if (!(member instanceof Map<?, ?> fields)) {
			throw invalid("cache", "must be an object");
		}
		for (Object name : fields.keySet()) {
			if (!MEMBERS.contains(String.valueOf(name))) {
				throw invalid("cache", "may have the members " + String.join(", ", MEMBERS.stream().sorted().toList()));
			}
		}
		Duration ttl = seconds(fields, "ttl");
		return new Directives(flag(fields, "use-cache") || ttl != null, flag(fields, "no-cache"),
				flag(fields, "no-store"), false, seconds(fields, "s-maxage"), null, ttl, namespace(fields));
	}

	private static boolean flag(Map<?, ?> fields, String name) {
		Object value = fields.get(name);
		if (value == null || value instanceof Boolean) {
			return Boolean.TRUE.equals(value);
		}
		throw invalid("cache." + name, "must be true or false");
	}

	private static @Nullable Duration seconds(Map<?, ?> fields, String name) {
		Object value = fields.get(name);
		if (value == null) {
			return null;
		}
		if (value instanceof Number number && number.doubleValue() >= 0) {
			return Duration.ofSeconds(Math.min(number.longValue(), LONGEST_SECONDS));
		}
		throw invalid("cache." + name, "must be a number of seconds, 0 or more");
	}

	private static String namespace(Map<?, ?> fields) {
		Object value = fields.get("namespace");
		if (value == null) {
			return "";
		}
		if (value instanceof String text && text.length() <= LONGEST_NAMESPACE) {
			return text;
		}
		throw invalid("cache.namespace", "must be a text of at most " + LONGEST_NAMESPACE + " characters");
	}

	private static LlmException invalid(String param, String rule) {
		return new LlmException(new LlmError(ErrorKind.INVALID_REQUEST, "'" + param + "' " + rule + ".",
				"invalid_cache_control", param));
	}

	/**
	 * These, and those of a {@code Cache-Control}. What is not understood there is passed
	 * over, as the standard asks.
	 */
	Directives and(@Nullable String cacheControl) {
		if (cacheControl == null) {
			return this;
		}
		Directives all = this;
		for (String directive : cacheControl.split(",")) {
			int equals = directive.indexOf('=');
			String name = ((equals < 0) ? directive : directive.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
			all = all.and(name, (equals < 0) ? null : directive.substring(equals + 1).strip());
		}
		return all;
	}

	private Directives and(String name, @Nullable String argument) {
		return switch (name) {
			case "no-cache" -> new Directives(this.wanted, true, this.noStore, this.onlyIfCached, this.maxAge,
					this.maxStale, this.ttl, this.namespace);
			case "no-store" -> new Directives(this.wanted, this.noCache, true, this.onlyIfCached, this.maxAge,
					this.maxStale, this.ttl, this.namespace);
			case "only-if-cached" -> new Directives(this.wanted, this.noCache, this.noStore, true, this.maxAge,
					this.maxStale, this.ttl, this.namespace);
			case "max-age" -> {
				Duration age = seconds(argument);
				yield new Directives(this.wanted, this.noCache, this.noStore, this.onlyIfCached,
						(age != null) ? age : this.maxAge, this.maxStale, this.ttl, this.namespace);
			}
			case "max-stale" -> {
				Duration stale = (argument != null) ? seconds(argument) : Duration.ofSeconds(LONGEST_SECONDS);
				yield new Directives(this.wanted, this.noCache, this.noStore, this.onlyIfCached, this.maxAge, stale,
						this.ttl, this.namespace);
			}
			default -> this;
		};
	}

	private static @Nullable Duration seconds(@Nullable String argument) {
		if (argument == null || argument.isEmpty() || argument.length() > 12
				|| !argument.chars().allMatch((c) -> c >= '0' && c <= '9')) {
			return null;
		}
		return Duration.ofSeconds(Math.min(Long.parseLong(argument), LONGEST_SECONDS));
	}

	/** Whether an answer of this age is wanted, apart from its own time. */
	boolean takes(Duration age) {
		return !this.noCache && (this.maxAge == null || age.compareTo(this.maxAge) <= 0);
	}

}
