package dev.llmproxy.server.scale;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.awaitility.Awaitility;

/**
 * Thousands of callers on one thread, each with a connection of its own, who read slowly.
 */
final class Crowd implements AutoCloseable {

	/** As many connections as may be on their way at once. */
	private static final int MOST_CONNECTING = 256;

	private static final Duration PACE = Duration.ofMillis(20);

	private static final int READ_AT_ONCE = 4096;

	private final InetSocketAddress server;

	private final Selector selector;

	private final Queue<Caller> coming = new ConcurrentLinkedQueue<>();

	private final Queue<Caller> resuming = new ConcurrentLinkedQueue<>();

	private final AtomicInteger connecting = new AtomicInteger();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_AT_ONCE);

	private final Thread thread = new Thread(this::run, "crowd");

	private volatile boolean closed;

	Crowd(int port) throws IOException {
		this.server = new InetSocketAddress("127.0.0.1", port);
		this.selector = Selector.open();
		this.thread.start();
	}

	/**
	 * Lets callers come.
	 * @param reading whether they read the answer, or wait until they are told to
	 */
	List<Caller> come(int count, String request, boolean reading) {
		byte[] bytes = request.getBytes(StandardCharsets.US_ASCII);
		List<Caller> callers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			callers.add(new Caller(ByteBuffer.wrap(bytes), reading));
		}
		this.coming.addAll(callers);
		return callers;
	}

	/** Has callers read who did not. */
	void resume(List<Caller> callers) {
		this.resuming.addAll(callers);
	}

	private void run() {
		try {
			while (!this.closed) {
				Caller next;
				while (this.connecting.get() < MOST_CONNECTING && (next = this.coming.poll()) != null) {
					connect(next);
				}
				while ((next = this.resuming.poll()) != null) {
					next.reading = true;
					if (next.key != null && next.key.isValid()) {
						next.key.interestOps(SelectionKey.OP_READ);
					}
				}
				this.selector.select((key) -> ((Caller) key.attachment()).ready(key), PACE.toMillis());
				LockSupport.parkNanos(PACE.toNanos());
			}
			this.selector.keys().forEach((key) -> ((Caller) key.attachment()).leave());
			this.selector.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void connect(Caller caller) throws IOException {
		SocketChannel channel = SocketChannel.open();
		channel.configureBlocking(false);
		channel.setOption(StandardSocketOptions.SO_RCVBUF, READ_AT_ONCE);
		caller.channel = channel;
		this.connecting.incrementAndGet();
		channel.connect(this.server);
		caller.key = channel.register(this.selector, SelectionKey.OP_CONNECT, caller);
	}

	@Override
	public void close() {
		leave();
	}

	/** All of them, at once. */
	void leave() {
		this.closed = true;
		Awaitility.await().until(() -> !this.thread.isAlive());
	}

	/** One of them. What it saw is read by other threads. */
	final class Caller {

		private final ByteBuffer request;

		private SocketChannel channel;

		private SelectionKey key;

		private boolean reading;

		private final StringBuilder beginning = new StringBuilder();

		private String end = "";

		private volatile int status;

		private volatile boolean complete;

		private volatile boolean retryAfter;

		private volatile String failure;

		private Caller(ByteBuffer request, boolean reading) {
			this.request = request.duplicate();
			this.reading = reading;
		}

		/** 0 while there is none. */
		int status() {
			return this.status;
		}

		/** Whether the stream came to its end. */
		boolean complete() {
			return this.complete;
		}

		/** Whether it is told when to come again. */
		boolean retryAfter() {
			return this.retryAfter;
		}

		/** What became of the connection; {@code null} while it stands. */
		String failure() {
			return this.failure;
		}

		private void ready(SelectionKey key) {
			try {
				if (key.isConnectable() && this.channel.finishConnect()) {
					Crowd.this.connecting.decrementAndGet();
					key.interestOps(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
				}
				if (key.isValid() && key.isWritable()) {
					this.channel.write(this.request);
					if (!this.request.hasRemaining()) {
						key.interestOps((this.reading || this.status == 0) ? SelectionKey.OP_READ : 0);
					}
				}
				if (key.isValid() && key.isReadable()) {
					read(key);
				}
			}
			catch (IOException ex) {
				this.failure = ex.toString();
				leave();
			}
		}

		private void read(SelectionKey key) throws IOException {
			ByteBuffer into = Crowd.this.buffer.clear();
			if (this.channel.read(into) < 0) {
				this.failure = "closed";
				leave();
				return;
			}
			byte[] bytes = new byte[into.flip().remaining()];
			into.get(bytes);
			String text = new String(bytes, StandardCharsets.ISO_8859_1);
			if (this.beginning.length() < 1024) {
				this.beginning.append(text);
				this.retryAfter = this.beginning.toString().toLowerCase(Locale.ROOT).contains("\r\nretry-after: ");
			}
			if (this.status == 0 && this.beginning.length() > 12) {
				this.status = Integer.parseInt(this.beginning.substring(9, 12));
				if (!this.reading && this.status == 200) {
					key.interestOps(0);
				}
			}
			this.end = (this.end + text).substring(Math.max(0, this.end.length() + text.length() - 64));
			this.complete = this.complete || this.end.contains("data: [DONE]");
		}

		private void leave() {
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				this.failure = ex.toString();
			}
		}

	}

}
