package dev.llmproxy.autoconfigure;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

import dev.llmproxy.gateway.Caller;
import dev.llmproxy.observability.budget.SpendHistory;
import dev.llmproxy.observability.ledger.Dimension;
import dev.llmproxy.observability.ledger.Period;
import dev.llmproxy.observability.ledger.UsageFilter;
import dev.llmproxy.observability.ledger.UsageLedger;
import dev.llmproxy.observability.ledger.UsageQuery;
import dev.llmproxy.observability.ledger.UsageReport;

/** What the ledger knows was spent. */
final class LedgerSpendHistory implements SpendHistory {

	private static final List<Dimension> BY = List.of(Dimension.CALLER, Dimension.TEAM, Dimension.ROUTE);

	private final UsageLedger ledger;

	private final InstantSource clock;

	LedgerSpendHistory(UsageLedger ledger, InstantSource clock) {
		this.ledger = ledger;
		this.clock = clock;
	}

	/** The ledger looks at whole hours, at which periods begin in nearly all zones. */
	@Override
	public List<Spent> since(Instant from) {
		UsageFilter filter = new UsageFilter(from, this.clock.instant(), Map.of());
		return this.ledger.report(new UsageQuery(filter, Period.TOTAL, BY, UsageQuery.MOST_ROWS))
			.rows()
			.stream()
			.map(LedgerSpendHistory::spent)
			.toList();
	}

	private static Spent spent(UsageReport.Row row) {
		String team = row.names().get(1);
		return new Spent(new Caller(row.names().get(0), List.of(), team.isEmpty() ? null : team), row.names().get(2),
				row.totals().cost());
	}

}
