package dev.llmproxy.autoconfigure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.jspecify.annotations.Nullable;

/**
 * A console that takes many lines of one thread at once, as each write is a call of the
 * operating system. Lines of all other threads go through as they come. Logback writes
 * with a lock of its own.
 */
final class ConsoleBatch extends OutputStream {

	/** So that neither much is kept nor anything waits for long. */
	private static final int MOST_BYTES = 65_536;

	private final OutputStream console;

	/** Those of the thread that keeps them; used by no other. */
	private final ByteArrayOutputStream kept = new ByteArrayOutputStream(8192);

	private volatile @Nullable Thread keeping;

	private ConsoleBatch(OutputStream console) {
		this.console = console;
	}

	/**
	 * The console of an appender, which is replaced the first time.
	 * @return {@code null} where there is none
	 */
	static @Nullable ConsoleBatch of(ConsoleAppender<ILoggingEvent> appender) {
		OutputStream stream = appender.getOutputStream();
		if (stream == null || stream instanceof ConsoleBatch) {
			return (ConsoleBatch) stream;
		}
		ConsoleBatch batch = new ConsoleBatch(stream);
		appender.setOutputStream(batch);
		return batch;
	}

	/** Keeps what the current thread writes. */
	void begin() {
		this.keeping = Thread.currentThread();
	}

	/** Writes what was kept. */
	void end() {
		this.keeping = null;
		try {
			writeKept();
			this.console.flush();
		}
		catch (IOException ex) {
			// A console keeps its failures to itself, as Logback's does.
		}
	}

	private void writeKept() throws IOException {
		if (this.kept.size() > 0) {
			this.kept.writeTo(this.console);
			this.kept.reset();
		}
	}

	private boolean keeps() {
		return this.keeping == Thread.currentThread();
	}

	@Override
	public void write(int value) throws IOException {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		if (!keeps()) {
			this.console.write(bytes, offset, length);
			return;
		}
		this.kept.write(bytes, offset, length);
		if (this.kept.size() >= MOST_BYTES) {
			writeKept();
		}
	}

	@Override
	public void flush() throws IOException {
		if (!keeps()) {
			this.console.flush();
		}
	}

	@Override
	public void close() throws IOException {
		this.console.close();
	}

}
