package dev.llmproxy.observability.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What holds for every ledger, wherever it keeps its entries. */
public abstract class LedgerContract {

	protected static final Instant DAY = Instant.parse("2026-03-01T00:00:00Z");

	private static final UsageFilter ALL = new UsageFilter(DAY.minusSeconds(86400), DAY.plusSeconds(10 * 86400),
			Map.of());

	private UsageLedger ledger;

	/** A ledger that is not open, the same one each time within a test. */
	protected abstract UsageLedger ledger();

	@BeforeEach
	final void open() {
		this.ledger = ledger();
		this.ledger.open();
	}

	@AfterEach
	final void close() {
		this.ledger.close();
	}

	/** The ledger under test. */
	protected final UsageLedger opened() {
		return this.ledger;
	}

	@Test
	void isEmptyAtFirst() {
		assertThat(report(Period.DAY, List.of(Dimension.CALLER))).satisfies((report) -> {
			assertThat(report.rows()).isEmpty();
			assertThat(report.total()).isEqualTo(Totals.NONE);
			assertThat(report.truncated()).isFalse();
		});
		assertThat(entries(ALL)).isEmpty();
	}

	@Test
	void givesBackWhatWasWritten() {
		List<LedgerEntry> written = List.of(
				new LedgerEntry("a", "req:1", 1, "first", DAY.plusMillis(1), "caller", "team", "chat", "route", "up",
						"openai", "up/model", "model", new Tokens(1, 2, 3, 4, 5, 6, 7), 8L, true, true),
				new LedgerEntry("b", "req:1", 2, "hedge", DAY.plusMillis(999), "caller", null, "embeddings",
						"r\u00e9\u6f22 'x\";--", "up", "_OTHER", "up/{}", "it's, \"=\"", Tokens.NONE, null, false,
						false),
				new LedgerEntry("c", "req:2", 1, "first", DAY.plusSeconds(7200), "caller", null, "chat", "route", "up",
						"openai", "up/model", "model", new Tokens(Long.MAX_VALUE / 4, 0, 0, 0, 0, 0, 0),
						Long.MAX_VALUE / 4, false, true));
		this.ledger.append(written);
		assertThat(entries(ALL)).containsExactlyElementsOf(written);
	}

	@Test
	void writesNothingTwice() {
		List<LedgerEntry> first = entries(10, "caller", "model");
		this.ledger.append(first);
		if (!(this.ledger instanceof FileLedger)) {
			// Files take back what they could not write, so nobody adds it again.
			this.ledger.append(first);
			List<LedgerEntry> more = new ArrayList<>(first.subList(5, 10));
			more.add(entry("more", "caller", "model", DAY));
			this.ledger.append(more);
			assertThat(entries(ALL)).hasSize(11).doesNotHaveDuplicates();
			assertThat(report(Period.TOTAL, List.of()).total().attempts()).isEqualTo(11);
		}
	}

	@Test
	void sumsUpByTimeAndName() {
		this.ledger.append(List.of(entry("1", "ada", "small", DAY), entry("2", "ada", "small", DAY.plusSeconds(3599)),
				entry("3", "ada", "large", DAY.plusSeconds(3600)), entry("4", "bob", "small", DAY.plusSeconds(86400)),
				mirrored("5", DAY.plusSeconds(86399))));
		assertThat(rows(report(Period.TOTAL, List.of()))).containsExactly("null [] 4/5 1e 1u 50+5 $40");
		assertThat(rows(report(Period.TOTAL, List.of(Dimension.CALLER)))).containsExactly(
				"null [ada] 3/3 0e 0u 30+3 $30", "null [bob] 1/1 0e 0u 10+1 $10", "null [eve] 0/1 1e 1u 10+1 $0");
		assertThat(rows(report(Period.DAY, List.of(Dimension.MODEL, Dimension.CALLER)))).containsExactly(
				"2026-03-01T00:00:00Z [large, ada] 1/1 0e 0u 10+1 $10",
				"2026-03-01T00:00:00Z [small, ada] 2/2 0e 0u 20+2 $20",
				"2026-03-01T00:00:00Z [small, eve] 0/1 1e 1u 10+1 $0",
				"2026-03-02T00:00:00Z [small, bob] 1/1 0e 0u 10+1 $10");
		assertThat(rows(report(Period.HOUR, List.of()))).containsExactly("2026-03-01T00:00:00Z [] 2/2 0e 0u 20+2 $20",
				"2026-03-01T01:00:00Z [] 1/1 0e 0u 10+1 $10", "2026-03-01T23:00:00Z [] 0/1 1e 1u 10+1 $0",
				"2026-03-02T00:00:00Z [] 1/1 0e 0u 10+1 $10");
		assertThat(rows(report(Period.TOTAL, List.of(Dimension.TEAM, Dimension.PROVIDER, Dimension.ROUTE))))
			.containsExactly("null [, up, route] 0/1 1e 1u 10+1 $0", "null [team, up, route] 4/4 0e 0u 40+4 $40");
	}

	@Test
	void looksForTimesAndNames() {
		this.ledger.append(List.of(entry("1", "ada", "small", DAY.minusMillis(1)), entry("2", "ada", "small", DAY),
				entry("3", "ada", "large", DAY.plusSeconds(3599)), entry("4", "bob", "small", DAY.plusSeconds(60)),
				entry("5", "ada", "small", DAY.plusSeconds(3600)), mirrored("6", DAY)));
		UsageFilter hour = new UsageFilter(DAY, DAY.plusSeconds(3600), Map.of());
		assertThat(entries(hour)).extracting(LedgerEntry::id).containsExactlyInAnyOrder("2", "3", "4", "6");
		assertThat(total(hour)).isEqualTo(4);
		// Whole hours.
		assertThat(total(new UsageFilter(DAY.plusSeconds(1800), DAY.plusSeconds(1801), Map.of()))).isEqualTo(4);
		assertThat(total(new UsageFilter(DAY, DAY.plusSeconds(3601), Map.of()))).isEqualTo(5);
		assertThat(total(with(Map.of(Dimension.CALLER, "ada")))).isEqualTo(4);
		assertThat(total(with(Map.of(Dimension.CALLER, "ada", Dimension.MODEL, "small")))).isEqualTo(3);
		assertThat(total(with(Map.of(Dimension.TEAM, "")))).isEqualTo(1);
		assertThat(total(with(Map.of(Dimension.CALLER, "' or 1=1 --")))).isZero();
		assertThat(total(with(Map.of(Dimension.MODEL, "a\u0000b\ud800")))).isZero();
	}

	@Test
	void tellsThatThereIsMore() {
		List<LedgerEntry> entries = new ArrayList<>();
		for (int i = 0; i < 25; i++) {
			entries.add(entry("m" + i, "caller", "model-" + (char) ('a' + i), DAY));
		}
		this.ledger.append(entries);
		UsageReport some = this.ledger.report(new UsageQuery(ALL, Period.TOTAL, List.of(Dimension.MODEL), 10));
		assertThat(some.rows()).hasSize(10);
		assertThat(some.truncated()).isTrue();
		assertThat(some.total().attempts()).isEqualTo(25);
		assertThat(this.ledger.report(new UsageQuery(ALL, Period.TOTAL, List.of(Dimension.MODEL), 25)).truncated())
			.isFalse();
		List<LedgerEntry> first = new ArrayList<>();
		this.ledger.read(ALL, 3, first::add);
		assertThat(first).hasSize(3);
	}

	@Test
	void takesNamesAsCallersChooseThem() {
		String evil = "\u0000\u001b[31m\ud83d" + "x".repeat(100_000);
		LedgerEntry entry = new LedgerEntry("evil", "req", 1, "first", DAY, evil, evil, "chat", evil, "up", "openai",
				evil, evil, Tokens.NONE, 1L, false, true);
		this.ledger.append(List.of(entry));
		assertThat(entries(ALL)).containsExactly(entry);
		assertThat(entry.model()).hasSize(LedgerEntry.LONGEST).startsWith("??[31m?xxx");
		assertThat(total(with(Map.of(Dimension.MODEL, evil)))).isEqualTo(1);
	}

	@Test
	void takesManyAtOnce() {
		for (int i = 0; i < 4; i++) {
			this.ledger.append(entries(500, "caller" + i, "model"));
		}
		assertThat(report(Period.TOTAL, List.of()).total())
			.isEqualTo(new Totals(2000, 2000, 0, 0, new Tokens(20_000, 2000, 0, 0, 0, 0, 0), 20_000));
	}

	@Test
	void canNotBeUsedAfterItsEnd() {
		this.ledger.close();
		if (!(this.ledger instanceof MemoryLedger)) {
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> this.ledger.append(entries(1, "a", "b")));
		}
	}

	private UsageReport report(Period period, List<Dimension> by) {
		return this.ledger.report(new UsageQuery(ALL, period, by, 1000));
	}

	private long total(UsageFilter filter) {
		UsageReport report = this.ledger.report(new UsageQuery(filter, Period.TOTAL, List.of(), 1));
		assertThat(entries(filter)).hasSize((int) report.total().attempts());
		return report.total().attempts();
	}

	private static UsageFilter with(Map<Dimension, String> names) {
		return new UsageFilter(ALL.from(), ALL.to(), names);
	}

	private List<LedgerEntry> entries(UsageFilter filter) {
		List<LedgerEntry> entries = new ArrayList<>();
		this.ledger.read(filter, Long.MAX_VALUE, entries::add);
		return entries;
	}

	private static List<String> rows(UsageReport report) {
		return report.rows().stream().map((row) -> {
			Totals totals = row.totals();
			return row.time() + " " + row.names() + " " + totals.requests() + "/" + totals.attempts() + " "
					+ totals.estimated() + "e " + totals.unpriced() + "u " + totals.tokens().input() + "+"
					+ totals.tokens().output() + " $" + totals.cost();
		}).toList();
	}

	protected static List<LedgerEntry> entries(int number, String caller, String model) {
		List<LedgerEntry> entries = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			entries.add(entry(caller + "-" + i, caller, model, DAY.plusSeconds(i)));
		}
		return entries;
	}

	protected static LedgerEntry entry(String id, String caller, String model, Instant time) {
		return entry(id, caller, "team", model, time, 10L, "first");
	}

	private static LedgerEntry mirrored(String id, Instant time) {
		return entry(id, "eve", null, "small", time, null, "mirror");
	}

	private static LedgerEntry entry(String id, String caller, @Nullable String team, String model, Instant time,
			@Nullable Long cost, String kind) {
		return new LedgerEntry(id, "req-" + id, 1, kind, time, caller, team, "chat", "route", "up", "openai",
				"up/" + model, model, new Tokens(10, 1, 0, 0, 0, 0, 0), cost, cost == null, cost != null);
	}

}
