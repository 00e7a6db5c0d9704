package dev.llmproxy.event.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

import dev.llmproxy.observability.MeterReading;
import org.jspecify.annotations.Nullable;

/**
 * Looks at meters. What happened within the window is the difference to how they stood at
 * its beginning, or at the first look if that is later: what was before says nothing.
 */
public final class MeterSignal implements Signal {

	private static final int READINGS = 120;

	private final Deque<Reading> readings = new ArrayDeque<>();

	private final Supplier<@Nullable MeterReading> meters;

	private final Statistic statistic;

	private final boolean upwards;

	private final Duration window;

	/**
	 * Creates one.
	 * @param meters how they stand; {@code null} while there are none
	 * @param comparison tells which of several gauges is the worst
	 */
	public MeterSignal(Supplier<@Nullable MeterReading> meters, Statistic statistic, Comparison comparison,
			Duration window) {
		this.meters = meters;
		this.statistic = statistic;
		this.upwards = comparison.upwards();
		this.window = window;
	}

	@Override
	public @Nullable Double read(Instant now) {
		MeterReading current = this.meters.get();
		Reading before = before(now);
		remember(new Reading(now, current));
		if (current == null) {
			return null;
		}
		return switch (this.statistic) {
			case VALUE -> value(current);
			case MAX -> current.max();
			case COUNT -> (before != null) ? Double.valueOf(current.count() - count(before.meters())) : null;
			case RATE -> (before != null) ? rate(current, before, now) : null;
			case MEAN -> (before != null) ? mean(current, before.meters()) : null;
			case P50, P90, P95, P99 ->
				(before != null) ? current.percentile(this.statistic.share(), before.meters()) : null;
		};
	}

	/** So many of them make up a window, however often it is looked. */
	private void remember(Reading reading) {
		Reading last = this.readings.peekLast();
		if (last == null || !reading.time().isBefore(last.time().plus(this.window.dividedBy(READINGS)))) {
			this.readings.addLast(reading);
		}
	}

	/** The last reading that is as old as the window; the first if none is. */
	private @Nullable Reading before(Instant now) {
		Instant start = now.minus(this.window);
		Reading before = this.readings.peekFirst();
		while (this.readings.size() > 1) {
			Reading first = this.readings.removeFirst();
			Reading second = this.readings.getFirst();
			if (second.time().isAfter(start)) {
				this.readings.addFirst(first);
				return first;
			}
			before = second;
		}
		return before;
	}

	private double value(MeterReading current) {
		double worst = this.upwards ? current.highest() : current.lowest();
		return Double.isNaN(worst) ? current.count() : worst;
	}

	private static double count(@Nullable MeterReading reading) {
		return (reading != null) ? reading.count() : 0;
	}

	private static double rate(MeterReading current, Reading before, Instant now) {
		double seconds = Duration.between(before.time(), now).toMillis() / 1000.0;
		return (seconds > 0) ? (current.count() - count(before.meters())) / seconds : 0;
	}

	private static @Nullable Double mean(MeterReading current, @Nullable MeterReading before) {
		double count = current.count() - count(before);
		return (count > 0) ? (current.total() - ((before != null) ? before.total() : 0)) / count : null;
	}

	/** How meters stood; {@code null} for none. */
	private record Reading(Instant time, @Nullable MeterReading meters) {
	}

}
