package dev.llmproxy.event.alert;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/** A value that is looked at again and again, by one thread. */
@FunctionalInterface
public interface Signal {

	/**
	 * The value now.
	 * @return {@code null} if there is none
	 */
	@Nullable Double read(Instant now);

}
