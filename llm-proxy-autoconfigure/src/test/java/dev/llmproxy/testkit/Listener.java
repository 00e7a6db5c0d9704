package dev.llmproxy.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;

import org.jspecify.annotations.Nullable;

/**
 * Listens on a free port of 127.0.0.1, and can stop and start again without losing it.
 * Thread-safe.
 */
final class Listener implements AutoCloseable {

	private static final int BACKLOG = 1024;

	private final int port;

	private final int receiveBuffer;

	private final Acceptance onAccept;

	private volatile ServerSocket socket;

	private Thread acceptor;

	/** Keeps the port while nobody listens. */
	private @Nullable DeadEnd reservation;

	/** Listens; accepted connections have the given receive buffer unless it is 0. */
	Listener(int receiveBuffer, Acceptance onAccept) {
		this.receiveBuffer = receiveBuffer;
		this.onAccept = onAccept;
		this.socket = bind(0, receiveBuffer);
		this.port = this.socket.getLocalPort();
		this.acceptor = acceptInBackground();
	}

	int port() {
		return this.port;
	}

	boolean isClosed() {
		return this.socket.isClosed();
	}

	/** Stops listening, so that the kernel refuses connections. */
	synchronized void stop() {
		if (this.reservation == null) {
			closeSocket();
			try {
				// While it is inside accept() the kernel keeps the port in use.
				this.acceptor.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.reservation = DeadEnd.refusing(this.port);
		}
	}

	/** Listens again after {@link #stop()}. */
	synchronized void resume() {
		if (this.reservation != null) {
			this.reservation.close();
			this.reservation = null;
			this.socket = bind(this.port, this.receiveBuffer);
			this.acceptor = acceptInBackground();
		}
	}

	@Override
	public synchronized void close() {
		closeSocket();
		if (this.reservation != null) {
			this.reservation.close();
			this.reservation = null;
		}
	}

	private void closeSocket() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static ServerSocket bind(int port, int receiveBuffer) {
		try {
			ServerSocket socket = new ServerSocket();
			socket.setReuseAddress(true);
			if (receiveBuffer > 0) {
				socket.setReceiveBufferSize(receiveBuffer);
			}
			socket.bind(Loopback.address(port), BACKLOG);
			return socket;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Thread acceptInBackground() {
		ServerSocket from = this.socket;
		return Loopback.thread("listener-" + from.getLocalPort(), () -> {
			while (!from.isClosed()) {
				try {
					Socket accepted = from.accept();
					accepted.setTcpNoDelay(true);
					this.onAccept.accepted(accepted);
				}
				catch (IOException ex) {
					// Closed; or the client was gone before it was accepted.
				}
			}
		});
	}

	/** What to do with a new connection. */
	@FunctionalInterface
	interface Acceptance {

		void accepted(Socket socket) throws IOException;

	}

}
