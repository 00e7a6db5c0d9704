package dev.llmproxy.observability.ledger;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A ledger that ends with the process. It keeps the last entries one by one and sums of
 * all. Thread-safe.
 */
public final class MemoryLedger implements UsageLedger {

	private final int maxEntries;

	private final UsageSums sums;

	private final Map<String, LedgerEntry> entries = new LinkedHashMap<>();

	/**
	 * Creates it.
	 * @param maxEntries that are kept one by one
	 * @param maxSums different combinations of hour, caller, team, model, provider and
	 * route, after which the oldest are told apart by day, caller and team only
	 */
	public MemoryLedger(int maxEntries, int maxSums) {
		if (maxEntries < 1 || maxSums < 1) {
			throw new IllegalArgumentException("a number of entries is positive");
		}
		this.maxEntries = maxEntries;
		this.sums = new UsageSums(maxSums);
	}

	@Override
	public synchronized void append(List<LedgerEntry> entries) {
		for (LedgerEntry entry : entries) {
			if (this.entries.putIfAbsent(entry.id(), entry) == null) {
				this.sums.add(entry);
			}
		}
		Iterator<String> oldest = this.entries.keySet().iterator();
		for (int i = this.entries.size(); i > this.maxEntries; i--) {
			oldest.next();
			oldest.remove();
		}
	}

	@Override
	public UsageReport report(UsageQuery query) {
		return this.sums.report(query);
	}

	@Override
	public synchronized void read(UsageFilter filter, long limit, Consumer<? super LedgerEntry> reader) {
		this.entries.values().stream().filter(filter::matches).limit(limit).forEach(reader);
	}

	@Override
	public void close() {
		// Nothing outlives it.
	}

}
