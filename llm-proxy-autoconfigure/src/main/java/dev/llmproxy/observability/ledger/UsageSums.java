package dev.llmproxy.observability.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Sums of entries by hour and names, for stores that can't ask a database. Models are
 * named by callers, so there is a cap: beyond it what is oldest is summed up further, by
 * day and caller alone. Thread-safe.
 */
final class UsageSums {

	/** What stands for names that are no longer told apart. */
	static final String OTHER = "other";

	private static final Duration DAY = Duration.ofDays(1);

	private final int most;

	private final TreeMap<Instant, Map<List<String>, Totals>> hours = new TreeMap<>();

	private final TreeMap<Instant, Map<List<String>, Totals>> days = new TreeMap<>();

	private int cells;

	UsageSums(int most) {
		this.most = most;
	}

	synchronized void add(LedgerEntry entry) {
		Instant hour = Period.floor(entry.time(), Duration.ofHours(1));
		List<String> names = new ArrayList<>(Dimension.values().length);
		for (Dimension dimension : Dimension.values()) {
			names.add(dimension.of(entry));
		}
		Map<List<String>, Totals> cells = this.hours.computeIfAbsent(hour, (key) -> new LinkedHashMap<>());
		int before = cells.size();
		cells.merge(List.copyOf(names), Totals.of(entry), Totals::plus);
		this.cells += cells.size() - before;
		while (this.cells > this.most) {
			sumUp(Objects.requireNonNull(this.hours.pollFirstEntry()));
		}
	}

	private void sumUp(Map.Entry<Instant, Map<List<String>, Totals>> hour) {
		Map<List<String>, Totals> cells = hour.getValue();
		Map<List<String>, Totals> day = this.days.computeIfAbsent(Period.floor(hour.getKey(), DAY),
				(key) -> new LinkedHashMap<>());
		cells.forEach((names, totals) -> day.merge(callerOnly(names), totals, Totals::plus));
		this.cells -= cells.size();
	}

	private static List<String> callerOnly(List<String> names) {
		List<String> others = new ArrayList<>(names);
		for (Dimension dimension : List.of(Dimension.MODEL, Dimension.PROVIDER, Dimension.ROUTE)) {
			others.set(dimension.ordinal(), OTHER);
		}
		return List.copyOf(others);
	}

	synchronized UsageReport report(UsageQuery query) {
		RowSums rows = new RowSums(query);
		UsageFilter filter = query.filter();
		this.days.subMap(Period.floor(filter.from(), DAY), filter.to())
			.forEach((day, cells) -> cells.forEach((names, totals) -> rows.add(day, names, totals)));
		this.hours.subMap(filter.from(), filter.to())
			.forEach((hour, cells) -> cells.forEach((names, totals) -> rows.add(hour, names, totals)));
		return rows.report();
	}

	/** Sums cells up to the rows of a report. */
	private static final class RowSums {

		private static final int ROWS_KEPT = 100_000;

		private final UsageQuery query;

		private final Map<Dimension, String> wanted;

		private final TreeMap<Instant, TreeMap<String, UsageReport.Row>> rows = new TreeMap<>();

		private Totals total = Totals.NONE;

		private int count;

		RowSums(UsageQuery query) {
			this.query = query;
			this.wanted = query.filter().names().isEmpty() ? Map.of() : new EnumMap<>(query.filter().names());
		}

		void add(Instant time, List<String> names, Totals totals) {
			for (Map.Entry<Dimension, String> name : this.wanted.entrySet()) {
				if (!name.getValue().equals(names.get(name.getKey().ordinal()))) {
					return;
				}
			}
			this.total = this.total.plus(totals);
			Instant start = this.query.period().start(time);
			List<String> key = this.query.by().stream().map((dimension) -> names.get(dimension.ordinal())).toList();
			TreeMap<String, UsageReport.Row> piece = this.rows.computeIfAbsent((start != null) ? start : Instant.EPOCH,
					(any) -> new TreeMap<>());
			String order = String.join("\0", key);
			UsageReport.Row known = piece.get(order);
			if (known == null && this.count++ >= ROWS_KEPT) {
				return;
			}
			piece.put(order, new UsageReport.Row(start, key, (known != null) ? known.totals().plus(totals) : totals));
		}

		UsageReport report() {
			List<UsageReport.Row> all = this.rows.values()
				.stream()
				.flatMap((piece) -> piece.values().stream())
				.toList();
			boolean more = all.size() > this.query.limit();
			return new UsageReport(this.query, more ? all.subList(0, this.query.limit()) : all, this.total, more);
		}

	}

}
