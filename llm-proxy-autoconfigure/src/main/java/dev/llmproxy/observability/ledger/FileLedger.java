package dev.llmproxy.observability.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A ledger in files of a directory, one JSON object a line, of which sums are kept in
 * memory. Files are only appended to; a line that a kill tore off is cut away when the
 * directory is opened again. Thread-safe.
 */
public final class FileLedger implements UsageLedger {

	private static final Log logger = LogFactory.getLog(FileLedger.class);

	private final FileLedgerSettings settings;

	private final JsonLines files;

	private volatile @Nullable UsageSums sums;

	private @Nullable FileChannel lock;

	/** Only looks at what it is told; {@link #open()} looks at the directory. */
	public FileLedger(FileLedgerSettings settings) {
		this.settings = settings;
		this.files = new JsonLines(settings.directory(), "usage", settings.maxSize(), settings.maxFiles(),
				settings.sync());
	}

	@Override
	public synchronized void open() {
		if (this.sums != null) {
			return;
		}
		try {
			Files.createDirectories(this.settings.directory());
			lock();
			this.files.open();
			UsageSums sums = new UsageSums(this.settings.maxSums());
			long[] unread = new long[1];
			this.files.read((line) -> {
				LedgerEntry entry = EntryFormat.read(line);
				if (entry == null) {
					unread[0]++;
				}
				else {
					sums.add(entry);
				}
				return true;
			});
			if (unread[0] > 0) {
				logger.warn("Lines of the usage ledger that are no entries, and are skipped: " + unread[0]);
			}
			this.sums = sums;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The usage ledger in " + this.settings.directory() + " can't be opened", ex);
		}
	}

	/** Two processes would write into each other's lines. */
	private void lock() throws IOException {
		if (this.lock != null) {
			return;
		}
		FileChannel channel = FileChannel.open(this.settings.directory().resolve("usage.lock"),
				StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		FileLock held = null;
		try {
			held = channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			// Somebody else in this process.
		}
		if (held == null) {
			channel.close();
			throw new IOException("another process writes there");
		}
		this.lock = channel;
	}

	@Override
	public synchronized void append(List<LedgerEntry> entries) {
		UsageSums sums = opened();
		try {
			this.files.append(EntryFormat.lines(entries));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The usage ledger in " + this.settings.directory() + " can't be written",
					ex);
		}
		entries.forEach(sums::add);
	}

	private UsageSums opened() {
		UsageSums sums = this.sums;
		if (sums == null) {
			throw new IllegalStateException("The usage ledger is not open yet");
		}
		return sums;
	}

	@Override
	public UsageReport report(UsageQuery query) {
		return opened().report(query);
	}

	@Override
	public void read(UsageFilter filter, long limit, Consumer<? super LedgerEntry> reader) {
		opened();
		long[] left = { limit };
		try {
			this.files.read((line) -> {
				LedgerEntry entry = EntryFormat.read(line);
				if (entry != null && filter.matches(entry) && left[0]-- > 0) {
					reader.accept(entry);
				}
				return left[0] > 0;
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The usage ledger in " + this.settings.directory() + " can't be read", ex);
		}
	}

	@Override
	public synchronized void close() {
		this.sums = null;
		try {
			this.files.close();
			if (this.lock != null) {
				this.lock.close();
				this.lock = null;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
