package dev.llmproxy.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * One connection that a {@link ScriptedUpstream} has accepted. A thread of its own reads
 * all the time, so that the client's leaving is seen at once, whatever the script does.
 * Thread-safe.
 */
public final class UpstreamConnection {

	private static final int POLL_MILLIS = 10;

	private final int number;

	/** The TCP socket; {@link #socket} is the TLS socket over it, if there is one. */
	private final Socket transport;

	private volatile Socket socket;

	private final List<ConnectionEvent> events = new CopyOnWriteArrayList<>();

	private final BlockingQueue<Inbound> inbox = new LinkedBlockingQueue<>();

	private final CountDownLatch gone = new CountDownLatch(1);

	private final AtomicLong bytesWritten = new AtomicLong();

	private final AtomicLong bytesRead = new AtomicLong();

	private volatile @Nullable PeerClosed peerClosed;

	private volatile boolean closed;

	UpstreamConnection(int number, Socket transport) {
		this.number = number;
		this.transport = transport;
		this.socket = transport;
		log(ConnectionEvent.Kind.ACCEPTED, String.valueOf(transport.getRemoteSocketAddress()));
	}

	/**
	 * This connection's number.
	 * @return the number, counted from 1
	 */
	public int number() {
		return this.number;
	}

	/**
	 * Whether neither side has ended the connection.
	 * @return {@code true} while it is open
	 */
	public boolean isOpen() {
		return !this.closed && this.peerClosed == null;
	}

	/**
	 * What has happened so far.
	 * @return a snapshot, oldest first
	 */
	public List<ConnectionEvent> events() {
		return List.copyOf(this.events);
	}

	/**
	 * How many bytes the operating system has taken from the scripts. It stops growing
	 * when the client stops reading.
	 * @return bytes written, before TLS
	 */
	public long bytesWritten() {
		return this.bytesWritten.get();
	}

	/**
	 * How many bytes the client has sent and this side has read.
	 * @return bytes read, after TLS
	 */
	public long bytesRead() {
		return this.bytesRead.get();
	}

	/**
	 * Waits until the client leaves this connection.
	 * @param timeout how long to wait at most
	 * @return when and how it left
	 * @throws AssertionError if it does not in time
	 */
	public PeerClosed awaitPeerClosed(Duration timeout) {
		try {
			this.gone.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		PeerClosed seen = this.peerClosed;
		if (seen == null) {
			throw new AssertionError(
					"The client did not leave connection " + this.number + " within " + timeout + ": " + this.events);
		}
		return seen;
	}

	/** Reads requests until the client leaves or this side closes. */
	void read(@Nullable SSLContext tls, Consumer<RecordedRequest> onRequest, Consumer<String> onFailure) {
		try {
			if (tls != null) {
				handshake(tls);
			}
			InputStream in = this.socket.getInputStream();
			HttpReader reader = new HttpReader((target, offset, length) -> {
				int count = in.read(target, offset, length);
				this.bytesRead.addAndGet(Math.max(0, count));
				return count;
			});
			while (true) {
				RecordedRequest request = readRequest(reader);
				if (request == null) {
					peerClosed(PeerClosed.How.FIN, "");
					return;
				}
				log(ConnectionEvent.Kind.REQUEST, request.toString());
				onRequest.accept(request);
				this.inbox.add(new Inbound(request));
			}
		}
		catch (WireFormatException ex) {
			if (ex.isTruncated()) {
				peerClosed(PeerClosed.How.FIN, String.valueOf(ex.getMessage()));
				return;
			}
			log(ConnectionEvent.Kind.MALFORMED_REQUEST, String.valueOf(ex.getMessage()));
			onFailure.accept("Connection " + this.number + ": " + ex.getMessage());
			this.inbox.add(new Inbound(null));
			peerClosed(PeerClosed.How.MALFORMED_REQUEST, String.valueOf(ex.getMessage()));
		}
		catch (SSLException ex) {
			boolean reset = ex.getCause() instanceof SocketException;
			peerClosed(reset ? PeerClosed.How.RESET : PeerClosed.How.TLS_FAILURE, String.valueOf(ex.getMessage()));
		}
		catch (IOException ex) {
			peerClosed(PeerClosed.How.RESET, String.valueOf(ex.getMessage()));
		}
	}

	/** Reads and ignores everything. */
	void swallow() {
		try {
			byte[] ignored = new byte[8192];
			InputStream in = this.transport.getInputStream();
			for (int count = in.read(ignored); count >= 0; count = in.read(ignored)) {
				this.bytesRead.addAndGet(count);
			}
			peerClosed(PeerClosed.How.FIN, "");
		}
		catch (IOException ex) {
			peerClosed(PeerClosed.How.RESET, String.valueOf(ex.getMessage()));
		}
		close();
	}

	private void handshake(SSLContext tls) throws IOException {
		SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(this.transport, null, true);
		secured.setUseClientMode(false);
		secured.startHandshake();
		this.socket = secured;
	}

	private @Nullable RecordedRequest readRequest(HttpReader reader) throws IOException {
		reader.compact();
		HttpReader.Head head = reader.head();
		if (head == null) {
			return null;
		}
		String[] parts = head.startLine().split(" ", -1);
		if (parts.length != 3 || parts[0].isEmpty() || parts[1].isEmpty() || !parts[2].matches("HTTP/1\\.[01]")) {
			throw new WireFormatException("Malformed request line: " + head.startLine());
		}
		Headers headers = head.headers();
		if (parts[2].equals("HTTP/1.1") && headers.all("Host").size() != 1) {
			throw new WireFormatException("Not exactly one Host header: " + headers);
		}
		if (headers.lists("Expect", "100-continue")) {
			write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		}
		byte[] body = BodyReader.of(reader, headers, BodyReader.Framing.NONE).readAll();
		return new RecordedRequest(parts[0], parts[1], headers, body, this.number, Instant.now());
	}

	/** Plays a script for each request until the connection ends. */
	void play(Function<RecordedRequest, Script> scripts) {
		try {
			boolean goOn = true;
			while (goOn) {
				Inbound next = this.inbox.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
				if (next == null) {
					goOn = this.gone.getCount() > 0;
				}
				else if (next.request() == null) {
					write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
						.getBytes(StandardCharsets.US_ASCII));
					end(Step.Ending.END_OF_OUTPUT);
					goOn = false;
				}
				else {
					goOn = play(scripts.apply(next.request()).steps())
							&& !next.request().headers().lists("Connection", "close");
				}
			}
		}
		catch (IOException ex) {
			log(ConnectionEvent.Kind.WRITE_FAILED, String.valueOf(ex.getMessage()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			linger();
		}
	}

	private boolean play(List<Step> steps) throws IOException, InterruptedException {
		for (Step step : steps) {
			if (step instanceof Step.Write write) {
				write(write.bytes());
			}
			else if (step instanceof Step.Pause pause) {
				if (this.gone.await(pause.duration().toNanos(), TimeUnit.NANOSECONDS)) {
					return false;
				}
			}
			else if (step instanceof Step.Await await) {
				CountDownLatch latch = await.latch().get();
				while (!latch.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
					if (this.gone.getCount() == 0) {
						return false;
					}
				}
			}
			else if (step instanceof Step.Stall) {
				this.gone.await();
				return false;
			}
			else if (step instanceof Step.End end) {
				end(end.ending());
				log(ConnectionEvent.Kind.STEP, step.toString());
				return false;
			}
			log(ConnectionEvent.Kind.STEP, step.toString());
		}
		return true;
	}

	private synchronized void write(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		this.socket.getOutputStream().flush();
		this.bytesWritten.addAndGet(bytes.length);
	}

	private void end(Step.Ending ending) throws IOException {
		switch (ending) {
			case RESET -> {
				this.closed = true;
				this.transport.setSoLinger(true, 0);
				this.transport.close();
			}
			case FIN -> this.transport.shutdownOutput();
			case END_OF_OUTPUT -> this.socket.shutdownOutput();
		}
	}

	/** After the last script: the client has the last word, then the socket is closed. */
	private void linger() {
		try {
			if (!this.transport.isClosed() && !this.transport.isOutputShutdown()) {
				end(Step.Ending.END_OF_OUTPUT);
			}
			this.gone.await();
		}
		catch (IOException ex) {
			// The client is gone already.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		close();
	}

	private void peerClosed(PeerClosed.How how, String detail) {
		if (!this.closed) {
			this.peerClosed = new PeerClosed(this.number, how, Instant.now());
			log(ConnectionEvent.Kind.PEER_CLOSED, (how + " " + detail).strip());
		}
		this.gone.countDown();
	}

	void close() {
		if (!this.closed) {
			this.closed = true;
			log(ConnectionEvent.Kind.CLOSED, "");
		}
		this.gone.countDown();
		try {
			this.transport.close();
		}
		catch (IOException ex) {
			// It is as closed as it gets.
		}
	}

	private void log(ConnectionEvent.Kind kind, String detail) {
		this.events.add(new ConnectionEvent(kind, detail, Instant.now()));
	}

	@Override
	public String toString() {
		return "connection " + this.number + " " + this.events;
	}

	/** A request to answer, or {@code null} for one that could not be read. */
	private record Inbound(@Nullable RecordedRequest request) {
	}

}
