package dev.llmproxy.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client over one socket that sends whatever bytes a test likes and reads
 * responses strictly. <pre>{@code
 * try (RawHttpClient client = RawHttpClient.connect(port)) {
 *     RawResponse answer = client.post("/v1/chat/completions", Map.of("Authorization", "Bearer k"), json);
 *
 *     client.send("POST /v1/messages HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"); // smuggling
 *     client.readResponse();
 *     client.awaitClosed(Duration.ofSeconds(5));
 * }
 * }</pre> A stream is read event by event: <pre>{@code
 * client.sendPost("/v1/chat/completions", Map.of(), json);
 * client.readHead();
 * SseEvent first = client.readEvent(Duration.ofSeconds(5));
 * client.reset(); // the caller is gone
 * }</pre> Reads that take no time-out wait {@link #PATIENCE}. A read that times out
 * throws an {@link AssertionError} and can be repeated. Not thread-safe.
 */
public final class RawHttpClient implements AutoCloseable {

	/** How long a read waits unless told otherwise. */
	public static final Duration PATIENCE = Duration.ofSeconds(10);

	/** The TCP socket; {@link #socket} is the TLS socket over it, if there is one. */
	private final Socket transport;

	private final Socket socket;

	private final HttpReader reader;

	private final List<RawResponse> interim = new ArrayList<>();

	private long deadline;

	private @Nullable BodyReader body;

	private SseReader events = new SseReader();

	private boolean headRequest;

	private RawHttpClient(InetSocketAddress address, @Nullable SSLContext tls, int receiveBuffer) {
		try {
			this.transport = new Socket();
			if (receiveBuffer > 0) {
				this.transport.setReceiveBufferSize(receiveBuffer);
			}
			this.transport.setTcpNoDelay(true);
			this.transport.connect(address, (int) PATIENCE.toMillis());
			this.socket = (tls == null) ? this.transport : secure(this.transport, tls);
			InputStream in = this.socket.getInputStream();
			this.reader = new HttpReader((target, offset, length) -> {
				this.socket.setSoTimeout(millisLeft());
				return in.read(target, offset, length);
			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Socket secure(Socket transport, SSLContext tls) throws IOException {
		SSLSocket secured = (SSLSocket) tls.getSocketFactory()
			.createSocket(transport, "localhost", transport.getPort(), true);
		secured.startHandshake();
		return secured;
	}

	/**
	 * Connects to a port on 127.0.0.1.
	 * @param port the port
	 * @return the connected client
	 */
	public static RawHttpClient connect(int port) {
		return new RawHttpClient(Loopback.address(port), null, 0);
	}

	/**
	 * Connects to the host and port of a plain-text address.
	 * @param uri the address; anything after the port is ignored
	 * @return the connected client
	 */
	public static RawHttpClient connect(URI uri) {
		return new RawHttpClient(new InetSocketAddress(uri.getHost(), uri.getPort()), null, 0);
	}

	/**
	 * Connects with a small receive buffer, so that a client which does not read is felt
	 * by the server after a few kilobytes.
	 * @param port the port on 127.0.0.1
	 * @param receiveBuffer the buffer's size in bytes; the system may round it up
	 * @return the connected client
	 */
	public static RawHttpClient connectWithReceiveBuffer(int port, int receiveBuffer) {
		return new RawHttpClient(Loopback.address(port), null, receiveBuffer);
	}

	/**
	 * Connects to a port on 127.0.0.1 with TLS; host names are not checked.
	 * @param port the port
	 * @param tls whom to trust, e.g. {@link TestAuthority#clientContext()}
	 * @return the connected client
	 */
	public static RawHttpClient connectTls(int port, SSLContext tls) {
		return new RawHttpClient(Loopback.address(port), tls, 0);
	}

	/**
	 * Writes bytes as they are.
	 * @param bytes what to write
	 * @return this
	 * @throws UncheckedIOException if the server has closed the connection
	 */
	public RawHttpClient send(byte[] bytes) {
		try {
			this.socket.getOutputStream().write(bytes);
			this.socket.getOutputStream().flush();
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Writes text as it is; line ends are the caller's.
	 * @param text what to write, encoded as UTF-8
	 * @return this
	 * @throws UncheckedIOException if the server has closed the connection
	 */
	public RawHttpClient send(String text) {
		return send(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Writes bytes a few at a time.
	 * @param bytes what to write
	 * @param size how many bytes to write at once
	 * @param gap how long to wait between two writes
	 * @return this
	 * @throws UncheckedIOException if the server has closed the connection
	 */
	public RawHttpClient drip(byte[] bytes, int size, Duration gap) {
		for (int i = 0; i < bytes.length; i += size) {
			if (i > 0) {
				LockSupport.parkNanos(gap.toNanos());
			}
			byte[] piece = new byte[Math.min(size, bytes.length - i)];
			System.arraycopy(bytes, i, piece, 0, piece.length);
			send(piece);
		}
		return this;
	}

	/**
	 * Sends a well-formed POST and does not wait for the answer, so that several can be
	 * pipelined.
	 * @param path the request target
	 * @param headers headers besides {@code Host}, {@code Content-Type} and
	 * {@code Content-Length}; a {@code Content-Type} among them replaces the usual one
	 * @param json the body
	 * @return this
	 */
	public RawHttpClient sendPost(String path, Map<String, String> headers, String json) {
		return send("POST", path, headers, json.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Sends a well-formed request and does not wait for the answer.
	 * @param method the method
	 * @param path the request target
	 * @param headers headers besides {@code Host} and {@code Content-Length}
	 * @param content the body, empty for none
	 * @return this
	 */
	public RawHttpClient send(String method, String path, Map<String, String> headers, byte[] content) {
		StringBuilder head = new StringBuilder().append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
		head.append("Host: 127.0.0.1:").append(this.transport.getPort()).append("\r\n");
		headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
		boolean typed = headers.keySet().stream().anyMatch("Content-Type"::equalsIgnoreCase);
		if (content.length > 0 || method.equals("POST")) {
			head.append(typed ? "" : "Content-Type: application/json\r\n");
			head.append("Content-Length: ").append(content.length).append("\r\n");
		}
		byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
		byte[] message = new byte[start.length + content.length];
		System.arraycopy(start, 0, message, 0, start.length);
		System.arraycopy(content, 0, message, start.length, content.length);
		this.headRequest = method.equals("HEAD");
		return send(message);
	}

	/**
	 * Sends a POST and reads the whole answer.
	 * @param path the request target
	 * @param headers see {@link #sendPost}
	 * @param json the body
	 * @return the answer
	 */
	public RawResponse post(String path, Map<String, String> headers, String json) {
		return sendPost(path, headers, json).readResponse();
	}

	/**
	 * Sends a GET and reads the whole answer.
	 * @param path the request target
	 * @param headers headers besides {@code Host}
	 * @return the answer
	 */
	public RawResponse get(String path, Map<String, String> headers) {
		return send("GET", path, headers, new byte[0]).readResponse();
	}

	/**
	 * Reads the next response to its end.
	 * @return the response
	 * @throws WireFormatException if it is malformed or cut short
	 */
	public RawResponse readResponse() {
		return readResponse(PATIENCE);
	}

	/**
	 * Reads the next response to its end.
	 * @param timeout how long to wait at most for all of it
	 * @return the response
	 * @throws WireFormatException if it is malformed or cut short
	 */
	public RawResponse readResponse(Duration timeout) {
		RawResponse head = readHead(timeout);
		return new RawResponse(head.status(), head.headers(), readBody(timeout));
	}

	/**
	 * Reads the next response up to the end of its headers. Interim responses (1xx) are
	 * put aside, see {@link #interimResponses()}.
	 * @return the response, with an empty body
	 * @throws WireFormatException if it is malformed or cut short
	 */
	public RawResponse readHead() {
		return readHead(PATIENCE);
	}

	/**
	 * Reads the next response up to the end of its headers.
	 * @param timeout how long to wait at most
	 * @return the response, with an empty body
	 * @throws WireFormatException if it is malformed or cut short
	 */
	public RawResponse readHead(Duration timeout) {
		if (this.body != null && !this.body.ended()) {
			throw new IllegalStateException("The body of the response before has not been read");
		}
		return within(timeout, () -> {
			RawResponse head = ResponseHead.read(this.reader);
			while (head.status() / 100 == 1) {
				this.interim.add(head);
				head = ResponseHead.read(this.reader);
			}
			boolean bodiless = this.headRequest || head.status() == 204 || head.status() == 304;
			this.body = bodiless ? BodyReader.none(this.reader)
					: BodyReader.of(this.reader, head.headers(), BodyReader.Framing.UNTIL_CLOSE);
			this.events = new SseReader();
			return head;
		});
	}

	/**
	 * Reads the rest of the current response's body.
	 * @param timeout how long to wait at most
	 * @return the body, or what {@link #readEvent} and {@link #readSome} have left of it
	 * @throws WireFormatException if it is malformed or cut short
	 */
	public byte[] readBody(Duration timeout) {
		return within(timeout, currentBody()::readAll);
	}

	/**
	 * Reads some bytes of the current response's body, as they come.
	 * @param atMost how many bytes to read at most
	 * @param timeout how long to wait at most
	 * @return one byte or more, or none at the proper end of the body
	 * @throws WireFormatException if it is malformed or cut short
	 */
	public byte[] readSome(int atMost, Duration timeout) {
		byte[] piece = new byte[atMost];
		int count = within(timeout, () -> currentBody().read(piece, 0, atMost));
		return Arrays.copyOf(piece, Math.max(0, count));
	}

	/**
	 * Reads the next server-sent event of the current response. Comments are put aside,
	 * see {@link #comments()}.
	 * @param timeout how long to wait at most
	 * @return the event, or {@code null} at the proper end of the body
	 * @throws WireFormatException if the body is malformed or cut short, also in the
	 * middle of an event
	 */
	public @Nullable SseEvent readEvent(Duration timeout) {
		return within(timeout, () -> {
			byte[] piece = new byte[8192];
			SseEvent event = this.events.next();
			while (event == null) {
				int count = currentBody().read(piece, 0, piece.length);
				if (count < 0) {
					this.events.end();
					return null;
				}
				this.events.feed(piece, count);
				event = this.events.next();
			}
			return event;
		});
	}

	/**
	 * Reads server-sent events up to the proper end of the body.
	 * @param timeout how long to wait at most for each
	 * @return the events
	 * @throws WireFormatException if the body is malformed or cut short
	 */
	public List<SseEvent> readEvents(Duration timeout) {
		List<SseEvent> all = new ArrayList<>();
		for (SseEvent event = readEvent(timeout); event != null; event = readEvent(timeout)) {
			all.add(event);
		}
		return all;
	}

	/**
	 * The comments of the event stream that have been read so far.
	 * @return their texts
	 */
	public List<String> comments() {
		return this.events.comments();
	}

	/**
	 * The interim responses that have been read so far.
	 * @return them, oldest first
	 */
	public List<RawResponse> interimResponses() {
		return List.copyOf(this.interim);
	}

	/**
	 * Ends this side's output and goes on reading.
	 * @return this
	 */
	public RawHttpClient halfClose() {
		try {
			this.socket.shutdownOutput();
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Resets the connection (RST). */
	public void reset() {
		try {
			this.transport.setSoLinger(true, 0);
			this.transport.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Waits until the server closes the connection.
	 * @param timeout how long to wait at most
	 * @return how it did so
	 * @throws AssertionError if it stays open, or writes something else first
	 */
	public Closed awaitClosed(Duration timeout) {
		try {
			return within(timeout, () -> {
				byte[] more = new byte[256];
				int count = -1;
				if (this.body != null && !this.body.ended()) {
					count = this.body.read(more, 0, more.length);
				}
				if (count < 0) {
					count = this.reader.read(more, 0, more.length);
				}
				if (count >= 0) {
					throw new AssertionError("Instead of closing the server wrote: "
							+ new String(more, 0, count, StandardCharsets.ISO_8859_1));
				}
				return Closed.FIN;
			});
		}
		catch (WireFormatException ex) {
			if (ex.isTruncated()) {
				return Closed.FIN;
			}
			throw ex;
		}
		catch (UncheckedIOException ex) {
			if (ex.getCause() instanceof SocketException) {
				return Closed.RESET;
			}
			throw ex;
		}
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// Closing TLS after a reset fails, and nothing is left to close.
		}
	}

	private BodyReader currentBody() {
		BodyReader current = this.body;
		if (current == null) {
			throw new IllegalStateException("No response head has been read");
		}
		return current;
	}

	private <T extends @Nullable Object> T within(Duration timeout, Read<T> read) {
		this.deadline = System.nanoTime() + timeout.toNanos();
		try {
			return read.perform();
		}
		catch (SocketTimeoutException ex) {
			throw new AssertionError("The server wrote nothing more within " + timeout, ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private int millisLeft() throws SocketTimeoutException {
		long left = (this.deadline - System.nanoTime()) / 1_000_000;
		if (left <= 0) {
			throw new SocketTimeoutException("Out of time");
		}
		return (int) Math.min(left, Integer.MAX_VALUE);
	}

	/** How a server closes a connection. */
	public enum Closed {

		/** In an orderly way. */
		FIN,

		/** With a reset. */
		RESET

	}

	@FunctionalInterface
	private interface Read<T extends @Nullable Object> {

		T perform() throws IOException;

	}

}
