package dev.llmproxy.testkit;

import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on 127.0.0.1 and a free port that reads requests strictly, records
 * them, and answers each with the next {@link Script}. <pre>{@code
 * try (ScriptedUpstream upstream = ScriptedUpstream.start()) {
 *     upstream.enqueue(Script.json(503, "{}"), Script.sse(List.of("{\"n\":1}", "[DONE]")));
 *     ... // point a client at upstream.url()
 *     RecordedRequest request = upstream.takeRequest(Duration.ofSeconds(5));
 *     assertThat(request.header("authorization")).isEqualTo("Bearer secret");
 *     upstream.awaitPeerClosed(Duration.ofSeconds(5)); // the client hung up
 * }
 * }</pre> Enqueued scripts go first, each to one request, whichever connection it comes
 * on; then the {@link #answerWith handler} is asked. A request that finds neither gets a
 * 500 and is listed in {@link #failures()}, as are requests that are not HTTP.
 * <p>
 * Thread-safe. Threads are daemons; closing it cuts every connection.
 */
public final class ScriptedUpstream implements AutoCloseable {

	private final Mode mode;

	private final @Nullable SSLContext tls;

	private final Listener listener;

	private final Queue<Script> scripts = new ConcurrentLinkedQueue<>();

	private volatile @Nullable Function<RecordedRequest, Script> handler;

	private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();

	private final BlockingQueue<RecordedRequest> untaken = new LinkedBlockingQueue<>();

	private final List<UpstreamConnection> connections = new CopyOnWriteArrayList<>();

	private final List<String> failures = new CopyOnWriteArrayList<>();

	private ScriptedUpstream(Mode mode, @Nullable SSLContext tls) {
		this.mode = mode;
		this.tls = tls;
		this.listener = new Listener((mode == Mode.SILENT) ? 4096 : 0, this::serve);
	}

	/**
	 * Starts a plain-text upstream.
	 * @return the running upstream
	 */
	public static ScriptedUpstream start() {
		return new ScriptedUpstream(Mode.SCRIPTED, null);
	}

	/**
	 * Starts an upstream that speaks TLS, with a certificate of the
	 * {@link TestAuthority}.
	 * @param profile what is right or wrong with its certificate or its handshake
	 * @return the running upstream
	 */
	public static ScriptedUpstream startTls(TlsProfile profile) {
		if (profile == TlsProfile.STALLED_HANDSHAKE) {
			return new ScriptedUpstream(Mode.SWALLOWING, null);
		}
		return new ScriptedUpstream(Mode.SCRIPTED, TestAuthority.shared().serverContext(profile));
	}

	/**
	 * Starts an upstream that accepts connections, reads nothing and says nothing. As it
	 * does not read, it cannot see clients leave.
	 * @return the running upstream
	 */
	public static ScriptedUpstream acceptAndStaySilent() {
		return new ScriptedUpstream(Mode.SILENT, null);
	}

	/**
	 * A port that refuses connections.
	 * @return the port, reserved until it is closed
	 */
	public static DeadEnd refusing() {
		return DeadEnd.refusing();
	}

	/**
	 * A port on which connecting hangs, because nobody answers a SYN.
	 * @return the port, reserved until it is closed
	 */
	public static DeadEnd blackhole() {
		return DeadEnd.blackhole();
	}

	/**
	 * Adds scripts, each for one request.
	 * @param more the scripts to play next
	 * @return this
	 * @throws IllegalStateException if a script is unfinished
	 */
	public ScriptedUpstream enqueue(Script... more) {
		for (Script script : more) {
			script.steps();
			this.scripts.add(script);
		}
		return this;
	}

	/**
	 * Answers every request for which no script is enqueued.
	 * @param handler gives the script for a request; called by many threads
	 * @return this
	 */
	public ScriptedUpstream answerWith(Function<RecordedRequest, Script> handler) {
		this.handler = handler;
		return this;
	}

	/**
	 * Answers every request for which no script is enqueued with the same script.
	 * @param script the script to play
	 * @return this
	 * @throws IllegalStateException if the script is unfinished
	 */
	public ScriptedUpstream answerWith(Script script) {
		script.steps();
		return answerWith((request) -> script);
	}

	/**
	 * Where the upstream listens.
	 * @return {@code http://127.0.0.1:port}, or {@code https://localhost:port}
	 */
	public URI url() {
		boolean secure = this.tls != null || this.mode == Mode.SWALLOWING;
		return URI.create((secure ? "https://localhost:" : "http://127.0.0.1:") + port());
	}

	/**
	 * The port on which the upstream listens.
	 * @return the port
	 */
	public int port() {
		return this.listener.port();
	}

	/**
	 * Every request that was read to its end.
	 * @return a snapshot, in the order in which they ended
	 */
	public List<RecordedRequest> requests() {
		return List.copyOf(this.requests);
	}

	/**
	 * Waits for the next request that nobody has taken.
	 * @param timeout how long to wait at most
	 * @return the request
	 * @throws AssertionError if none comes in time
	 */
	public RecordedRequest takeRequest(Duration timeout) {
		try {
			RecordedRequest request = this.untaken.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
			if (request != null) {
				return request;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		throw new AssertionError(
				"No request within " + timeout + "; connections: " + this.connections + ", failures: " + this.failures);
	}

	/**
	 * How many connections were accepted since the start.
	 * @return the count
	 */
	public int connectionsAccepted() {
		return this.connections.size();
	}

	/**
	 * How many connections neither side has ended.
	 * @return the count
	 */
	public int openConnections() {
		return (int) this.connections.stream().filter(UpstreamConnection::isOpen).count();
	}

	/**
	 * Every connection that was accepted, with its log.
	 * @return a snapshot, oldest first
	 */
	public List<UpstreamConnection> connections() {
		return List.copyOf(this.connections);
	}

	/**
	 * Waits until the client leaves the connection that the last request came on, or that
	 * was accepted last if there was none. The proof that a client who goes away cancels
	 * the call to the provider.
	 * @param timeout how long to wait at most
	 * @return when and how it left
	 * @throws AssertionError if there is no connection, or the client stays on it
	 */
	public PeerClosed awaitPeerClosed(Duration timeout) {
		List<UpstreamConnection> accepted = connections();
		if (accepted.isEmpty()) {
			throw new AssertionError("No connection was accepted");
		}
		List<RecordedRequest> received = requests();
		int last = received.isEmpty() ? accepted.size() : received.get(received.size() - 1).connection();
		return accepted.stream()
			.filter((connection) -> connection.number() == last)
			.findFirst()
			.orElse(accepted.get(accepted.size() - 1))
			.awaitPeerClosed(timeout);
	}

	/**
	 * What clients or the test itself did wrong: requests that are not HTTP/1.1, requests
	 * without a script, handlers that threw.
	 * @return descriptions, empty if all went well
	 */
	public List<String> failures() {
		return List.copyOf(this.failures);
	}

	/**
	 * Stops listening, so that new connections are refused, and closes the open ones.
	 * Does nothing if it is down.
	 */
	public void goDown() {
		this.listener.stop();
		this.connections.forEach(UpstreamConnection::close);
	}

	/** Listens again, on the same port. Does nothing if it is listening. */
	public void comeBack() {
		this.listener.resume();
	}

	@Override
	public void close() {
		this.listener.close();
		this.connections.forEach(UpstreamConnection::close);
	}

	private void serve(Socket socket) {
		UpstreamConnection connection = new UpstreamConnection(this.connections.size() + 1, socket);
		this.connections.add(connection);
		if (this.listener.isClosed()) {
			connection.close();
			return;
		}
		String name = "upstream-" + port() + "-" + connection.number();
		switch (this.mode) {
			case SCRIPTED -> {
				Loopback.thread(name + "-read", () -> connection.read(this.tls, this::record, this.failures::add));
				Loopback.thread(name + "-play", () -> connection.play(this::next));
			}
			case SWALLOWING -> Loopback.thread(name + "-read", connection::swallow);
			case SILENT -> {
			}
		}
	}

	private void record(RecordedRequest request) {
		this.requests.add(request);
		this.untaken.add(request);
	}

	private Script next(RecordedRequest request) {
		Script script = this.scripts.poll();
		if (script != null) {
			return script;
		}
		try {
			Function<RecordedRequest, Script> current = this.handler;
			if (current == null) {
				throw new IllegalStateException("no script left");
			}
			script = current.apply(request);
			script.steps();
			return script;
		}
		catch (RuntimeException | AssertionError ex) {
			this.failures.add(request + ": " + ex);
			return Script.content(500, "text/plain",
					("ScriptedUpstream: " + ex.getMessage()).getBytes(StandardCharsets.UTF_8));
		}
	}

	/** What the upstream does with a connection. */
	private enum Mode {

		SCRIPTED, SWALLOWING, SILENT

	}

}
