package dev.llmproxy.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A port on 127.0.0.1 to which nobody can connect. It belongs to this object until it is
 * closed, so no other process can bring it to life in between.
 */
public final class DeadEnd implements AutoCloseable {

	private static final int MOST_FILLERS = 64;

	/** Longer than a loopback handshake takes, shorter than a dropped SYN's retry. */
	private static final int HANDSHAKE_MILLIS = 250;

	private final int port;

	private final List<Closeable> held = new ArrayList<>();

	private DeadEnd(int port) {
		this.port = port;
	}

	static DeadEnd refusing() {
		return refusing(0);
	}

	/** Bound but not listening: the kernel answers a SYN with RST. */
	static DeadEnd refusing(int port) {
		try {
			Socket bound = new Socket();
			bound.setReuseAddress(true);
			bound.bind(Loopback.address(port));
			DeadEnd deadEnd = new DeadEnd(bound.getLocalPort());
			deadEnd.held.add(bound);
			return deadEnd;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Listening with a full accept queue: Linux drops further SYNs. */
	static DeadEnd blackhole() {
		try {
			ServerSocket listener = new ServerSocket();
			listener.bind(Loopback.address(0), 1);
			DeadEnd deadEnd = new DeadEnd(listener.getLocalPort());
			deadEnd.held.add(listener);
			for (int i = 0; i < MOST_FILLERS; i++) {
				Socket filler = new Socket();
				deadEnd.held.add(filler);
				try {
					filler.connect(Loopback.address(deadEnd.port), HANDSHAKE_MILLIS);
				}
				catch (SocketTimeoutException ex) {
					return deadEnd;
				}
			}
			deadEnd.close();
			throw new IllegalStateException("This system goes on accepting beyond the backlog");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The port.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Where nobody answers.
	 * @return {@code http://127.0.0.1:port}
	 */
	public URI url() {
		return URI.create("http://127.0.0.1:" + this.port);
	}

	@Override
	public void close() {
		for (Closeable resource : this.held) {
			try {
				resource.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

}
