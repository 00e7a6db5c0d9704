package dev.llmproxy.observability.conversation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.observability.ledger.JsonLines;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decodes conversations and writes them into files, on a thread of its own. What there is
 * no room for, what can't be decoded and what can't be written is left out and counted.
 * Thread-safe.
 */
public final class ConversationWriter {

	private static final Log logger = LogFactory.getLog(ConversationWriter.class);

	private final ConversationSettings settings;

	private final MemoryBudget budget;

	private final FineTuningFormat format;

	private final JsonLines files;

	private final ConcurrentLinkedQueue<Conversation> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger waiting = new AtomicInteger();

	private final AtomicLong written = new AtomicLong();

	private final AtomicLong dropped = new AtomicLong();

	private final AtomicBoolean failing = new AtomicBoolean();

	private volatile boolean stopping;

	private volatile @Nullable Thread thread;

	public ConversationWriter(ConversationSettings settings, Codecs codecs, MemoryBudget budget) {
		this.settings = settings;
		this.budget = budget;
		this.format = new FineTuningFormat(codecs);
		this.files = new JsonLines(settings.directory(), "conversations", settings.maxSize(), settings.maxFiles(),
				false);
	}

	Reservation reservation() {
		return new Reservation(this.budget, this.settings.longest());
	}

	/** Takes a conversation, and what is reserved for it. Never waits. */
	void add(Conversation conversation) {
		if (this.waiting.getAndIncrement() >= this.settings.queue()) {
			this.waiting.decrementAndGet();
			this.dropped.incrementAndGet();
			this.budget.release(MemoryBudget.Use.RECORDING, conversation.bytes());
			return;
		}
		this.queue.add(conversation);
		LockSupport.unpark(this.thread);
	}

	/** Begins to write. */
	public synchronized void start() {
		if (this.thread == null) {
			this.stopping = false;
			Thread thread = new Thread(this::run, "llm-proxy-conversations");
			thread.setDaemon(true);
			this.thread = thread;
			thread.start();
		}
	}

	/** Writes what waits, as far as that takes no more than two seconds, and ends. */
	public synchronized void stop() {
		Thread thread = this.thread;
		if (thread == null) {
			return;
		}
		this.stopping = true;
		LockSupport.unpark(thread);
		try {
			thread.join(2000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.thread = null;
	}

	public boolean isRunning() {
		return this.thread != null;
	}

	/** Conversations since the start that were written. */
	public long written() {
		return this.written.get();
	}

	/** Conversations since the start that were complete, and left out. */
	public long dropped() {
		return this.dropped.get();
	}

	private void run() {
		try {
			createDirectory(this.settings.directory());
			this.files.open();
		}
		catch (IOException ex) {
			failed(ex);
		}
		while (true) {
			Conversation next = this.queue.poll();
			if (next != null) {
				write(next);
			}
			else if (this.stopping) {
				break;
			}
			else {
				LockSupport.park(this);
			}
		}
		try {
			this.files.close();
		}
		catch (IOException ex) {
			logger.debug("Conversations could not be closed", ex);
		}
	}

	/** For nobody else to read, where the system knows such a thing. */
	private static void createDirectory(Path directory) throws IOException {
		if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			Files.createDirectories(directory,
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		}
		else {
			Files.createDirectories(directory);
		}
	}

	private void write(Conversation conversation) {
		try {
			byte[] line = this.format.line(conversation);
			if (line != null) {
				this.files.append(line);
				this.written.incrementAndGet();
			}
			if (this.failing.compareAndSet(true, false)) {
				logger.warn("Conversations are written again");
			}
		}
		catch (IOException ex) {
			failed(ex);
			this.dropped.incrementAndGet();
		}
		catch (RuntimeException ex) {
			// What it could not read may stand in its message.
			logger.debug("A conversation could not be read: " + ex.getClass().getName());
			this.dropped.incrementAndGet();
		}
		finally {
			this.waiting.decrementAndGet();
			this.budget.release(MemoryBudget.Use.RECORDING, conversation.bytes());
		}
	}

	private void failed(IOException failure) {
		if (this.failing.compareAndSet(false, true)) {
			logger.error("Conversations can't be written to " + this.settings.directory(), failure);
		}
	}

}
