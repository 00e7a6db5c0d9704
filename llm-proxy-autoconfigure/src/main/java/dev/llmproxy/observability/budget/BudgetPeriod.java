package dev.llmproxy.observability.budget;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;

import org.jspecify.annotations.Nullable;

/** When a budget begins anew: at midnight of its zone. */
public enum BudgetPeriod {

	DAY {

		@Override
		LocalDate first(LocalDate day) {
			return day;
		}

		@Override
		LocalDate next(LocalDate first) {
			return first.plusDays(1);
		}

	},

	/** From Monday on. */
	WEEK {

		@Override
		LocalDate first(LocalDate day) {
			return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
		}

		@Override
		LocalDate next(LocalDate first) {
			return first.plusWeeks(1);
		}

	},

	MONTH {

		@Override
		LocalDate first(LocalDate day) {
			return day.withDayOfMonth(1);
		}

		@Override
		LocalDate next(LocalDate first) {
			return first.plusMonths(1);
		}

	},

	/** Never. */
	TOTAL {

		@Override
		LocalDate first(LocalDate day) {
			return LocalDate.EPOCH;
		}

		@Override
		@Nullable LocalDate next(LocalDate first) {
			return null;
		}

	};

	abstract LocalDate first(LocalDate day);

	abstract @Nullable LocalDate next(LocalDate first);

	/** The period that an instant is in. */
	Span at(Instant now, ZoneId zone) {
		LocalDate first = first(now.atZone(zone).toLocalDate());
		LocalDate next = next(first);
		return new Span(first.atStartOfDay(zone).toInstant(),
				(next != null) ? next.atStartOfDay(zone).toInstant() : Instant.MAX);
	}

	/** From one instant, which belongs to it, to another, which does not. */
	record Span(Instant from, Instant until) {
	}

}
