package dev.llmproxy.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Forwards TCP between clients and a server and breaks the connection on command, per
 * direction and while bytes are flowing. It knows nothing of what it carries: HTTP, TLS,
 * Redis. <pre>{@code
 * try (TcpProxy proxy = TcpProxy.to(redis.port())) {
 *     proxy.freeze();                              // connections open, nothing moves
 *     proxy.thaw();
 *     proxy.delay(Direction.TO_CLIENT, ofMillis(80));
 *     proxy.split(Direction.TO_CLIENT, 1);         // byte by byte
 *     proxy.cutAfter(Direction.TO_CLIENT, 1000);   // FIN after 1,000 more bytes
 *     proxy.reset();                               // RST to both sides, now
 * }
 * }</pre> Switches act on open and on future connections, until they are taken back.
 * Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

	private final InetSocketAddress target;

	private final Listener listener;

	private final Line toServer = new Line();

	private final Line toClient = new Line();

	private final List<Link> links = new CopyOnWriteArrayList<>();

	private TcpProxy(InetSocketAddress target) {
		this.target = target;
		this.listener = new Listener(0, this::accepted);
	}

	/**
	 * Starts a proxy in front of a port on 127.0.0.1.
	 * @param port the server's port
	 * @return the running proxy
	 */
	public static TcpProxy to(int port) {
		return new TcpProxy(Loopback.address(port));
	}

	/**
	 * Starts a proxy in front of any server.
	 * @param host the server's host
	 * @param port the server's port
	 * @return the running proxy
	 */
	public static TcpProxy to(String host, int port) {
		return new TcpProxy(new InetSocketAddress(host, port));
	}

	/**
	 * The port on 127.0.0.1 to which clients connect.
	 * @return the port
	 */
	public int port() {
		return this.listener.port();
	}

	/**
	 * Where clients connect, if they speak HTTP.
	 * @return {@code http://127.0.0.1:port}
	 */
	public URI url() {
		return URI.create("http://127.0.0.1:" + port());
	}

	/**
	 * Stops bytes in one direction, the end of the stream included. They wait and push
	 * back on the sender.
	 * @param direction the direction
	 */
	public void freeze(Direction direction) {
		line(direction).freeze(true);
	}

	/** Stops bytes in both directions; connections are still accepted. */
	public void freeze() {
		freeze(Direction.TO_SERVER);
		freeze(Direction.TO_CLIENT);
	}

	/**
	 * Lets bytes flow again in one direction.
	 * @param direction the direction
	 */
	public void thaw(Direction direction) {
		line(direction).freeze(false);
	}

	/** Lets bytes flow again in both directions. */
	public void thaw() {
		thaw(Direction.TO_SERVER);
		thaw(Direction.TO_CLIENT);
	}

	/**
	 * Holds back every piece that arrives before it is passed on.
	 * @param direction the direction
	 * @param latency for how long; zero takes it back
	 */
	public void delay(Direction direction, Duration latency) {
		line(direction).delay(latency);
	}

	/**
	 * Passes bytes on in small writes. They are far enough apart to arrive apart only
	 * together with a {@link #delay}, which then applies to every write.
	 * @param direction the direction
	 * @param size how many bytes to write at once; zero takes it back
	 */
	public void split(Direction direction, int size) {
		line(direction).split(size);
	}

	/** Closes every open connection in an orderly way (FIN) on both sides. */
	public void cut() {
		this.links.forEach(Link::cut);
	}

	/** Resets every open connection (RST) on both sides. */
	public void reset() {
		this.links.forEach(Link::reset);
	}

	/**
	 * Lets some more bytes pass, counted over all connections, then {@link #cut()}s the
	 * connection that carried the last one.
	 * @param direction the direction in which to count
	 * @param bytes how many bytes still pass; with zero the next piece ends the
	 * connection instead
	 */
	public void cutAfter(Direction direction, long bytes) {
		line(direction).endAfter(bytes, Link::cut);
	}

	/**
	 * Lets some more bytes pass, counted over all connections, then {@link #reset()}s the
	 * connection that carried the last one.
	 * @param direction the direction in which to count
	 * @param bytes how many bytes still pass; with zero the next piece ends the
	 * connection instead
	 */
	public void resetAfter(Direction direction, long bytes) {
		line(direction).endAfter(bytes, Link::reset);
	}

	/** Refuses new connections; open ones stay. */
	public void refuse() {
		this.listener.stop();
	}

	/** Accepts new connections again, on the same port. */
	public void acceptAgain() {
		this.listener.resume();
	}

	/**
	 * How many bytes have been passed on since the start.
	 * @param direction the direction
	 * @return the count
	 */
	public long bytes(Direction direction) {
		return line(direction).bytes();
	}

	/**
	 * How many connections were accepted since the start.
	 * @return the count
	 */
	public int connectionsAccepted() {
		return this.links.size();
	}

	/**
	 * How many connections are open in at least one direction.
	 * @return the count
	 */
	public int openConnections() {
		return (int) this.links.stream().filter(Link::isOpen).count();
	}

	@Override
	public void close() {
		this.listener.close();
		cut();
		thaw();
	}

	private Line line(Direction direction) {
		return (direction == Direction.TO_SERVER) ? this.toServer : this.toClient;
	}

	private void accepted(Socket socket) {
		Link link = new Link(socket);
		this.links.add(link);
		String name = "tcp-proxy-" + port() + "-" + this.links.size();
		Loopback.thread(name, () -> link.run(this.target, this.toServer, this.toClient, name));
	}

	/** Which way bytes flow. */
	public enum Direction {

		/** From the client to the server. */
		TO_SERVER,

		/** From the server to the client. */
		TO_CLIENT

	}

	/** One client's connection and the one to the server that belongs to it. */
	static final class Link {

		private final Socket client;

		private final Socket server = new Socket();

		/** So that what one direction sees of the end is no second end. */
		private final AtomicBoolean over = new AtomicBoolean();

		Link(Socket client) {
			this.client = client;
		}

		void run(InetSocketAddress target, Line toServer, Line toClient, String name) {
			try {
				this.server.setTcpNoDelay(true);
				this.server.connect(target);
				Loopback.thread(name + "-back", () -> toClient.carry(this, this.server, this.client));
				toServer.carry(this, this.client, this.server);
			}
			catch (IOException ex) {
				reset();
			}
		}

		boolean isOpen() {
			return !this.over.get();
		}

		void cut() {
			if (!this.over.compareAndSet(false, true)) {
				return;
			}
			for (Socket socket : List.of(this.client, this.server)) {
				try {
					// Closing a socket with unread bytes would send a RST.
					socket.shutdownOutput();
					socket.getInputStream().skipNBytes(socket.getInputStream().available());
				}
				catch (IOException ex) {
					// Closed already.
				}
				close(socket);
			}
		}

		void reset() {
			if (!this.over.compareAndSet(false, true)) {
				return;
			}
			for (Socket socket : List.of(this.client, this.server)) {
				try {
					socket.setSoLinger(true, 0);
				}
				catch (IOException ex) {
					// Closed already.
				}
				close(socket);
			}
		}

		/** One direction has ended in an orderly way; after both nothing is left. */
		void ended(Socket from, Socket to) throws IOException {
			to.shutdownOutput();
			if (from.isOutputShutdown()) {
				cut();
			}
		}

		private static void close(Socket socket) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				// It is as closed as it gets.
			}
		}

	}

}
