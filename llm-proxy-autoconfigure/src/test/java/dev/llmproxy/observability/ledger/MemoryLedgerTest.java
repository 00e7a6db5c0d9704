package dev.llmproxy.observability.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemoryLedgerTest extends LedgerContract {

	@Override
	protected UsageLedger ledger() {
		return new MemoryLedger(10_000, 10_000);
	}

	@Test
	void keepsTheLastEntriesAndTheSumsOfAll() {
		MemoryLedger ledger = new MemoryLedger(10, 1000);
		for (int i = 0; i < 7; i++) {
			ledger.append(entries(5, "caller" + i, "model"));
		}
		UsageFilter all = new UsageFilter(DAY, DAY.plus(Duration.ofDays(1)), Map.of());
		List<LedgerEntry> kept = new ArrayList<>();
		ledger.read(all, 100, kept::add);
		assertThat(kept).extracting(LedgerEntry::caller).hasSize(10).containsOnly("caller5", "caller6");
		UsageReport report = ledger.report(new UsageQuery(all, Period.TOTAL, List.of(Dimension.CALLER), 100));
		assertThat(report.rows()).hasSize(7).allMatch((row) -> row.totals().cost() == 50);
	}

	@Test
	void tellsTheOldestApartByDayAndCallerWhenThereAreTooManyNames() {
		MemoryLedger ledger = new MemoryLedger(10, 100);
		for (int i = 0; i < 1000; i++) {
			ledger.append(List.of(entry("x" + i, "caller" + i % 2, "model" + i, DAY.plusSeconds(i * 10))));
		}
		UsageFilter all = new UsageFilter(DAY, DAY.plus(Duration.ofDays(1)), Map.of());
		UsageReport models = ledger.report(new UsageQuery(all, Period.TOTAL, List.of(Dimension.MODEL), 10_000));
		assertThat(models.rows()).hasSizeBetween(1, 101)
			.anySatisfy((row) -> assertThat(row.names()).containsExactly("other"));
		assertThat(models.total().cost()).isEqualTo(10_000);
		UsageReport callers = ledger.report(new UsageQuery(all, Period.DAY, List.of(Dimension.CALLER), 100));
		assertThat(callers.rows()).hasSize(2).allMatch((row) -> row.totals().cost() == 5000);
	}

}
