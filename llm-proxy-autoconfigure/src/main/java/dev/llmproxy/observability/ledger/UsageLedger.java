package dev.llmproxy.observability.ledger;

import java.util.List;
import java.util.function.Consumer;

/**
 * Where charges are written down. Entries are added and never changed. All methods may
 * block: {@link #open()} and {@link #append} are called by one thread, one after the
 * other; the others by any.
 */
public interface UsageLedger extends AutoCloseable {

	/**
	 * Makes it ready: creates what is missing, reads what is there. Called before the
	 * first entries are added, and again if it failed. What is asked for before fails.
	 */
	default void open() {
	}

	/**
	 * Adds entries, all of them or none as far as anybody can tell afterwards. When it
	 * returns they survive the end of this process. When it throws the same entries are
	 * added again later, and those that are there already, by their id, are not added a
	 * second time.
	 * @throws RuntimeException if that is not possible now
	 */
	void append(List<LedgerEntry> entries);

	/**
	 * Sums up what was added.
	 * @throws RuntimeException if that is not possible now
	 */
	UsageReport report(UsageQuery query);

	/**
	 * Reads entries, the oldest first, as far as they are still there one by one.
	 * @param limit entries at most
	 * @throws RuntimeException if that is not possible now
	 */
	void read(UsageFilter filter, long limit, Consumer<? super LedgerEntry> reader);

	@Override
	void close();

}
