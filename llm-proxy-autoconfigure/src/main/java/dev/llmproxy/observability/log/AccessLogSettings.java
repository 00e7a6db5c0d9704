package dev.llmproxy.observability.log;

import java.time.Duration;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What is logged of calls, and how.
 *
 * @param fields the fields of an event
 * @param sampling how many of the calls that went well are logged, from 0 for none to 1
 * for all; those that did not are logged always
 * @param slow from when on a call is logged always; {@code null} for never
 * @param queue how many events may wait
 * @param flat whether fields hold texts and numbers only, as GELF wants it
 * @param patience how long the end of the application may wait for what is not written
 * yet
 */
public record AccessLogSettings(Set<CallField> fields, double sampling, @Nullable Duration slow, int queue,
		boolean flat, Duration patience) {

	public AccessLogSettings {
		if (!(sampling >= 0 && sampling <= 1)) {
			throw new IllegalArgumentException("sampling is from 0 to 1");
		}
		if (queue < 1) {
			throw new IllegalArgumentException("at least one event has to have room");
		}
		fields = Set.copyOf(fields);
	}

}
