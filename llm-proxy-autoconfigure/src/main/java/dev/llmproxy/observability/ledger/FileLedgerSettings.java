package dev.llmproxy.observability.ledger;

import java.nio.file.Path;

/**
 * A ledger in files.
 *
 * @param directory of one process alone
 * @param maxSize bytes of a file, after which the next one begins
 * @param maxFiles after which the oldest is deleted
 * @param sync whether each batch is on the disk, and not only with the operating system,
 * before it counts as written
 * @param maxSums as {@link MemoryLedger#MemoryLedger} says it
 */
public record FileLedgerSettings(Path directory, long maxSize, int maxFiles, boolean sync, int maxSums) {

	public FileLedgerSettings {
		if (maxSize < 1 || maxFiles < 1 || maxSums < 1) {
			throw new IllegalArgumentException("sizes and numbers have to be positive");
		}
	}

}
