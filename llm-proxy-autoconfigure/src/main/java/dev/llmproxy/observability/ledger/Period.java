package dev.llmproxy.observability.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** Into what pieces of time spending is told apart. Days and hours are those of UTC. */
public enum Period {

	/** All of the time together. */
	TOTAL(null),

	DAY(Duration.ofDays(1)),

	HOUR(Duration.ofHours(1));

	private final @Nullable Duration length;

	Period(@Nullable Duration length) {
		this.length = length;
	}

	/** As it is called in queries and reports. */
	public String label() {
		return name().toLowerCase(Locale.ROOT);
	}

	/** When the piece begins that a moment is in; {@code null} where there is but one. */
	@Nullable Instant start(Instant time) {
		return (this.length != null) ? floor(time, this.length) : null;
	}

	/** The piece's length; {@code null} where there is but one. */
	@Nullable Duration length() {
		return this.length;
	}

	static Instant floor(Instant time, Duration length) {
		return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), length.toSeconds()) * length.toSeconds());
	}

}
