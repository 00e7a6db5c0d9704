package dev.llmproxy.testkit.fake;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

import dev.llmproxy.testkit.Gate;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.jspecify.annotations.Nullable;

/**
 * A fake model provider that listens on 127.0.0.1. It validates requests as the real one
 * does and answers invalid ones with the real one's error; those are kept in
 * {@link #rejections()}. See {@link Fakes} for how to get one. <pre>{@code
 * try (FakeProvider anthropic = Fakes.anthropic()) {
 *     anthropic.failNext(529, "Overloaded");
 *     anthropic.breakNextStream(3, StreamEnding.FIN);
 *     ... // point a client at anthropic.url()
 *     assertThat(anthropic.rejections()).isEmpty();
 * }
 * }</pre> Thread-safe.
 */
public final class FakeProvider implements AutoCloseable {

	private final ScriptedUpstream upstream;

	private final FakeState state;

	private final FakeDialect dialect;

	private final List<String> rejections = new CopyOnWriteArrayList<>();

	private final Queue<RejectedRequest> failures = new ArrayDeque<>();

	private final Queue<Break> breaks = new ArrayDeque<>();

	FakeProvider(ScriptedUpstream upstream, FakeState state, FakeDialect dialect) {
		this.upstream = upstream;
		this.state = state;
		this.dialect = dialect;
		upstream.answerWith(this::handle);
	}

	/**
	 * Where the provider listens, without a path.
	 * @return for example {@code http://127.0.0.1:34567}
	 */
	public URI url() {
		return this.upstream.url();
	}

	/**
	 * The key that clients must send.
	 * @return the key
	 */
	public String apiKey() {
		return this.state.apiKey();
	}

	/**
	 * Changes the key that clients must send.
	 * @param apiKey the new key
	 * @return this
	 */
	public FakeProvider apiKey(String apiKey) {
		this.state.apiKey(apiKey);
		return this;
	}

	/**
	 * Changes what the model answers.
	 * @param behaviour decides about answers
	 * @return this
	 */
	public FakeProvider behaviour(Behaviour behaviour) {
		this.state.behaviour(behaviour);
		return this;
	}

	/**
	 * Changes how long prompts may be; longer ones get the provider's error for it.
	 * @param tokens the most tokens, each about four characters
	 * @return this
	 */
	public FakeProvider contextWindow(int tokens) {
		this.state.contextWindow(tokens);
		return this;
	}

	/**
	 * Answers the next request with an error in the provider's format. May be called
	 * several times in advance.
	 * @param status the status code
	 * @param message the message
	 * @return this
	 */
	public FakeProvider failNext(int status, String message) {
		return failNext(status, message, Map.of());
	}

	/**
	 * Answers the next request with an error in the provider's format.
	 * @param status the status code
	 * @param message the message
	 * @param headers further headers, such as {@code Retry-After}
	 * @return this
	 */
	public FakeProvider failNext(int status, String message, Map<String, String> headers) {
		synchronized (this.failures) {
			this.failures.add(this.dialect.failure(status, message).withHeaders(headers));
		}
		return this;
	}

	/**
	 * Breaks the next stream.
	 * @param afterFrames how many events or messages to send before
	 * @param ending how to break it
	 * @return this
	 */
	public FakeProvider breakNextStream(int afterFrames, StreamEnding ending) {
		return breakNextStream(new Break(afterFrames, true, (script, request) -> broken(script, ending, request)));
	}

	/**
	 * Makes the next stream wait.
	 * @param afterFrames how many events or messages to send before
	 * @param gate what to wait for
	 * @return this
	 */
	public FakeProvider pauseNextStream(int afterFrames, Gate gate) {
		return breakNextStream(new Break(afterFrames, false, (script, request) -> script.gate(gate)));
	}

	private FakeProvider breakNextStream(Break next) {
		synchronized (this.breaks) {
			this.breaks.add(next);
		}
		return this;
	}

	/**
	 * The requests the provider found invalid, as the errors it answered with. Deliberate
	 * failures are not among them.
	 * @return a snapshot, oldest first
	 */
	public List<String> rejections() {
		return List.copyOf(this.rejections);
	}

	/**
	 * Every request that was received.
	 * @return a snapshot, oldest first
	 */
	public List<RecordedRequest> requests() {
		return this.upstream.requests();
	}

	/**
	 * The server underneath, for connection-level checks and for scripts of one's own,
	 * which go before the provider's answers.
	 * @return the server
	 */
	public ScriptedUpstream upstream() {
		return this.upstream;
	}

	@Override
	public void close() {
		this.upstream.close();
	}

	private Script handle(RecordedRequest request) {
		RejectedRequest failure = poll(this.failures);
		if (failure != null) {
			return script(this.dialect.error(failure), request);
		}
		try {
			return script(this.dialect.answer(request), request);
		}
		catch (RejectedRequest ex) {
			this.rejections.add(request.method() + " " + request.path() + ": " + ex.status() + " " + ex.message());
			return script(this.dialect.error(ex), request);
		}
	}

	private Script script(Reply reply, RecordedRequest request) {
		Script script = Script.script().status((reply instanceof Reply.Whole whole) ? whole.status() : 200);
		for (Map.Entry<String, String> header : Reply.with(this.dialect.responseHeaders(), reply.headers())
			.entrySet()) {
			script = script.header(header.getKey(), header.getValue());
		}
		if (reply instanceof Reply.Whole whole) {
			return script.body(whole.body());
		}
		return stream(script.chunked(), ((Reply.Frames) reply).frames(), request);
	}

	private Script stream(Script head, List<byte[]> frames, RecordedRequest request) {
		Break next = poll(this.breaks);
		Script script = head;
		for (int i = 0; i <= frames.size(); i++) {
			if (next != null && next.afterFrames() == i) {
				script = next.how().apply(script, request);
				if (next.last()) {
					return script;
				}
			}
			if (i < frames.size()) {
				script = script.chunk(frames.get(i));
			}
		}
		return script.endChunked();
	}

	private Script broken(Script script, StreamEnding ending, RecordedRequest request) {
		return switch (ending) {
			case FIN -> script.fin();
			case RESET -> script.reset();
			case STALL -> script.stall();
			case SILENT_END -> script.endChunked();
			case ERROR -> script.chunk(this.dialect.errorFrame(this.dialect.failure(500, "Broken on purpose"), request))
				.endChunked();
		};
	}

	private static <T> @Nullable T poll(Queue<T> queue) {
		synchronized (queue) {
			return queue.poll();
		}
	}

	/** What happens to a stream after some frames, and whether that is its end. */
	private record Break(int afterFrames, boolean last, BiFunction<Script, RecordedRequest, Script> how) {
	}

}
