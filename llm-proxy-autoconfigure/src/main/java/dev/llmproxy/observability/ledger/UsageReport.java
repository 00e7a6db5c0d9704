package dev.llmproxy.observability.ledger;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What was spent.
 *
 * @param rows by time, then by name
 * @param total of all rows, also of those beyond the limit
 * @param truncated whether there are more rows than were asked for
 */
public record UsageReport(UsageQuery query, List<Row> rows, Totals total, boolean truncated) {

	public UsageReport {
		rows = List.copyOf(rows);
	}

	/**
	 * A row.
	 *
	 * @param time when its piece of time begins; {@code null} if there is but one
	 * @param names in the order of {@link UsageQuery#by()}; an empty one for nobody
	 */
	public record Row(@Nullable Instant time, List<String> names, Totals totals) {

		public Row {
			names = List.copyOf(names);
		}

	}

}
