package dev.llmproxy.observability.ledger;

import java.util.List;

/**
 * What a report shall tell.
 *
 * @param by what is told apart, in the order of the report's columns
 * @param limit rows at most; positive
 */
public record UsageQuery(UsageFilter filter, Period period, List<Dimension> by, int limit) {

	/** More rows no report has. */
	public static final int MOST_ROWS = 10_000;

	public UsageQuery {
		by = by.stream().distinct().toList();
		if (limit < 1 || limit > MOST_ROWS) {
			throw new IllegalArgumentException("A report has 1 to " + MOST_ROWS + " rows");
		}
	}

}
