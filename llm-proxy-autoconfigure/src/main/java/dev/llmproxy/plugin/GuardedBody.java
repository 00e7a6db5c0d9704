package dev.llmproxy.plugin;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.ResponseBody;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

/**
 * The body of an answer in the hands of a plugin: given to it on its own threads, and
 * what it makes of it expected in time. Once a caller has the head nothing can be
 * skipped, so a plugin that fails ends the answer with an error, whatever the policy.
 */
final class GuardedBody {

	/** Frames that wait for the plugin's thread. */
	private static final int AHEAD = 16;

	private final Guard guard;

	private final LlmResponse response;

	private final ResponseBody original;

	private final ResponseBody shown;

	private final Turn turn = new Turn(0);

	private final AtomicBoolean touched = new AtomicBoolean();

	private volatile boolean ended;

	private volatile @Nullable Throwable failure;

	private volatile @Nullable Subscription upstream;

	GuardedBody(Guard guard, LlmResponse response) {
		this.guard = guard;
		this.response = response;
		this.original = response.body();
		this.shown = shown(this.original);
	}

	private ResponseBody shown(ResponseBody body) {
		if (body instanceof ResponseBody.Wire wire) {
			return new ResponseBody.Wire(wire.dialect(), wire.framing(), wire.mediaType(),
					given(wire.content().map(GuardedBody::onHeap)));
		}
		return (body instanceof ResponseBody.Events events) ? new ResponseBody.Events(given(events.events())) : body;
	}

	/** A plugin that fails, or forgets to release what it has, is not to cost memory. */
	private static DataBuffer onHeap(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return DefaultDataBufferFactory.sharedInstance.wrap(bytes);
	}

	private <T> Flux<T> given(Flux<T> content) {
		return content.doOnSubscribe((subscription) -> {
			this.touched.set(true);
			this.upstream = subscription;
			this.turn.end();
		}).doOnError((thrown) -> this.failure = thrown).publishOn(this.guard.scheduler(), AHEAD).doOnNext((item) -> {
			this.turn.begin();
		}).doOnTerminate(() -> {
			this.ended = true;
			this.turn.begin();
		}).doOnDiscard(DataBuffer.class, DataBufferUtils::release);
	}

	/** What the plugin sees. */
	ResponseBody forPlugin() {
		return this.shown;
	}

	/** Whether nothing of it was read, so that it can be had instead. */
	boolean take() {
		return this.touched.compareAndSet(false, true);
	}

	/** Gives back what nobody will read. */
	void drop() {
		if (this.touched.compareAndSet(false, true)) {
			this.original.discard();
			return;
		}
		Subscription known = this.upstream;
		if (known != null && !this.ended) {
			known.cancel();
		}
	}

	/** What goes on to the caller of what the plugin passed on. */
	@SuppressWarnings("ReferenceEquality") // the very body
	ResponseBody passed(LlmResponse made) {
		if (made.body() == this.shown) {
			return this.original;
		}
		if (!Passage.streams(made.body())) {
			if (Passage.streams(this.original)) {
				drop();
			}
			return made.body();
		}
		return expected(made, this.turn);
	}

	/** A stream of the plugin's own, of which each item is its turn. */
	static ResponseBody ofPlugin(Guard guard, LlmResponse made) {
		return Passage.streams(made.body()) ? new GuardedBody(guard, made).own(made) : made.body();
	}

	private ResponseBody own(LlmResponse made) {
		this.touched.set(true);
		this.ended = true;
		return expected(made, this.turn);
	}

	private ResponseBody expected(LlmResponse made, Turn turn) {
		if (made.body() instanceof ResponseBody.Wire wire) {
			return new ResponseBody.Wire(wire.dialect(), wire.framing(), wire.mediaType(),
					expected(wire.content(), made, turn));
		}
		return (made.body() instanceof ResponseBody.Events events)
				? new ResponseBody.Events(expected(events.events(), made, turn)) : made.body();
	}

	@SuppressWarnings("ReferenceEquality") // the very failure
	private <T> Flux<T> expected(Flux<T> content, LlmResponse made, Turn turn) {
		return content.doOnRequest(turn::demand)
			.doOnNext((item) -> turn.gave(this.ended))
			.takeUntilOther(turn.overdue(this.guard.settings().deadline()))
			.onErrorMap((thrown) -> !(thrown instanceof LlmException) && thrown != this.failure,
					(thrown) -> failed(thrown, made))
			.doFinally((signal) -> drop())
			.doOnDiscard(DataBuffer.class, DataBufferUtils::release);
	}

	private LlmException failed(Throwable thrown, LlmResponse made) {
		LlmException told = this.guard.failure(thrown);
		made.outcome().error(told.error());
		if (made.outcome() != this.response.outcome()) {
			this.response.outcome().error(told.error());
		}
		return told;
	}

}
