package dev.llmproxy.testkit;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/** One direction of a {@link TcpProxy}: its switches, and the loop that obeys them. */
final class Line {

	private boolean frozen;

	private Duration latency = Duration.ZERO;

	private int size;

	private long bytes;

	private long bytesLeft = Long.MAX_VALUE;

	private @Nullable Consumer<TcpProxy.Link> ending;

	synchronized void freeze(boolean freeze) {
		this.frozen = freeze;
		notifyAll();
	}

	synchronized void delay(Duration latency) {
		this.latency = latency;
	}

	synchronized void split(int size) {
		this.size = size;
	}

	synchronized void endAfter(long bytes, Consumer<TcpProxy.Link> ending) {
		this.bytesLeft = bytes;
		this.ending = ending;
	}

	synchronized long bytes() {
		return this.bytes;
	}

	/** Carries bytes until either side ends. */
	void carry(TcpProxy.Link link, Socket from, Socket to) {
		byte[] buffer = new byte[16384];
		try {
			while (true) {
				int count = from.getInputStream().read(buffer);
				awaitThaw();
				if (count < 0) {
					link.ended(from, to);
					return;
				}
				if (!pass(buffer, count, link, to)) {
					return;
				}
			}
		}
		catch (IOException ex) {
			// A reset on one side is one on the other; after a cut both are closed.
			link.reset();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private boolean pass(byte[] buffer, int count, TcpProxy.Link link, Socket to)
			throws IOException, InterruptedException {
		int sent = 0;
		while (sent < count) {
			LockSupport.parkNanos(latencyNanos());
			awaitThaw();
			int piece = grant(count - sent);
			to.getOutputStream().write(buffer, sent, piece);
			sent += piece;
			if (isExhausted()) {
				end(link);
				return false;
			}
		}
		return true;
	}

	private synchronized long latencyNanos() {
		return this.latency.toNanos();
	}

	private synchronized void awaitThaw() throws InterruptedException {
		while (this.frozen) {
			wait();
		}
	}

	/** How many bytes may be written next. */
	private synchronized int grant(int wanted) {
		int piece = (int) Math.min((this.size > 0) ? Math.min(this.size, wanted) : wanted, this.bytesLeft);
		if (this.ending != null) {
			this.bytesLeft -= piece;
		}
		this.bytes += piece;
		return piece;
	}

	private synchronized boolean isExhausted() {
		return this.bytesLeft == 0;
	}

	/** Ends one connection; the next ones live on. */
	private void end(TcpProxy.Link link) {
		Consumer<TcpProxy.Link> how;
		synchronized (this) {
			how = this.ending;
			this.ending = null;
			this.bytesLeft = Long.MAX_VALUE;
		}
		if (how != null) {
			how.accept(link);
		}
	}

}
