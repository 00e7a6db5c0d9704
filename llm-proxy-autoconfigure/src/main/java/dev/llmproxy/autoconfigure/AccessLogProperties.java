package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.llmproxy.gateway.NamePattern;
import dev.llmproxy.observability.log.AccessLogSettings;
import dev.llmproxy.observability.log.CallField;
import dev.llmproxy.observability.log.Redaction;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One event in the log for each call.
 *
 * @param enabled whether calls are logged; in the server they are
 * @param fields names of the fields of an event, with '*' for any run of characters
 * @param exclude names of fields that are left out
 * @param sampling how many of the calls that went well are logged, from 0 for none to 1
 * for all; those that did not are logged always
 * @param slow from when on a call is logged always, and marked
 * @param queue how many events may wait for a log that is slow; further ones are dropped
 * and counted
 * @param flushTimeout how long the end of the application may wait for events that are
 * not written yet
 * @param content whether what callers and models say is logged too: none, redacted, full
 * @param contentLength characters of a request, and of an answer, that are logged
 * @param redact patterns (RE2) of what is taken out of content, beside credentials,
 * addresses of mail, and numbers of cards and accounts
 */
@ConfigurationProperties("llm-proxy.access-log")
record AccessLogProperties(@DefaultValue("false") boolean enabled, @DefaultValue("*") List<String> fields,
		@DefaultValue List<String> exclude, @DefaultValue("1") double sampling, @Nullable Duration slow,
		@DefaultValue("8192") int queue, @DefaultValue("2s") Duration flushTimeout,
		@DefaultValue("none") Content content, @DefaultValue("8192") int contentLength,
		@DefaultValue List<String> redact) {

	private static final String PREFIX = "llm-proxy.access-log.";

	/** What is logged of what is said. */
	enum Content {

		/** Nothing. */
		NONE,

		/** Without what looks like a secret, or like somebody's data. */
		REDACTED,

		/** All of it. */
		FULL

	}

	/**
	 * The same for the library.
	 * @param flat whether fields hold texts and numbers only
	 * @throws InvalidPropertyException if a value can't work
	 */
	AccessLogSettings settings(boolean flat) {
		Set<CallField> chosen = EnumSet.noneOf(CallField.class);
		this.fields.forEach((pattern) -> chosen.addAll(find("fields", pattern)));
		this.exclude.forEach((pattern) -> chosen.removeAll(find("exclude", pattern)));
		if (!(this.sampling >= 0 && this.sampling <= 1)) {
			throw new InvalidPropertyException(PREFIX + "sampling", "it must be from 0 to 1",
					"Use 0.1 to log a tenth of the calls that go well.");
		}
		if (this.queue < 1) {
			throw new InvalidPropertyException(PREFIX + "queue", "at least one event has to have room",
					"Leave it out for 8192, or set 'llm-proxy.access-log.enabled' to false.");
		}
		return new AccessLogSettings(chosen, this.sampling, this.slow, this.queue, flat, this.flushTimeout);
	}

	private static List<CallField> find(String property, String pattern) {
		List<CallField> found = Stream.of(CallField.values())
			.filter((field) -> NamePattern.matches(pattern, field.fieldName()))
			.toList();
		if (found.isEmpty()) {
			throw new InvalidPropertyException(PREFIX + property, "there is no field '" + pattern + "'",
					"Use names such as http.request.id or gen_ai.usage.*: src-docs/logging.md has all of them.");
		}
		return found;
	}

	/**
	 * What is taken out of content.
	 * @throws InvalidPropertyException if a pattern is none
	 */
	Redaction redaction() {
		return (this.content == Content.FULL) ? Redaction.NONE
				: InvalidPropertyException.checked(PREFIX + "redact", () -> Redaction.of(this.redact));
	}

}
