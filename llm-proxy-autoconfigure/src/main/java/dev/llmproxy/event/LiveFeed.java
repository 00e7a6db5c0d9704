package dev.llmproxy.event;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink.OverflowStrategy;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.codec.ServerSentEvent;

/**
 * Events as they happen, for a few who watch. Each has a buffer of its own; who reads too
 * slowly loses events, and is told how many. Thread-safe.
 */
public final class LiveFeed {

	private static final ServerSentEvent<String> HEARTBEAT = ServerSentEvent.<String>builder()
		.comment("still here")
		.build();

	private final EventBus bus;

	private final int clients;

	private final int buffer;

	private final Duration heartbeat;

	private final AtomicInteger watching = new AtomicInteger();

	private final AtomicLong lost = new AtomicLong();

	private final Sinks.Empty<Void> closed = Sinks.empty();

	/**
	 * Creates one that nobody watches.
	 * @param clients how many may watch at once
	 * @param buffer how many events may wait for each
	 * @param heartbeat how often each hears something
	 */
	public LiveFeed(EventBus bus, int clients, int buffer, Duration heartbeat) {
		if (clients < 1 || buffer < 1) {
			throw new IllegalArgumentException("clients and buffer must be positive");
		}
		if (heartbeat.toMillis() < 1) {
			throw new IllegalArgumentException("the heartbeat must be 1ms or more");
		}
		this.bus = bus;
		this.clients = clients;
		this.buffer = buffer;
		this.heartbeat = heartbeat;
	}

	/** Whether nobody else may watch just now. */
	public boolean full() {
		return this.watching.get() >= this.clients;
	}

	/** How many watch. */
	public int watching() {
		return this.watching.get();
	}

	/** How many events were lost by those who read too slowly. */
	public long dropped() {
		return this.lost.get();
	}

	/** Watches events of these types until it is cancelled, or the gateway ends. */
	public Flux<ServerSentEvent<String>> watch(Set<EventType> types) {
		return Flux.defer(() -> {
			this.watching.incrementAndGet();
			// A comment at once: the head shows that the feed works.
			return Flux.concat(Flux.just(HEARTBEAT), Flux.merge(1, events(types), heartbeats()))
				.takeUntilOther(this.closed.asMono())
				.doFinally((end) -> this.watching.decrementAndGet());
		});
	}

	private Flux<ServerSentEvent<String>> events(Set<EventType> types) {
		AtomicLong missed = new AtomicLong();
		return Flux
			.<GatewayEvent>create((sink) -> sink.onDispose(this.bus.listen(types, sink::next)), OverflowStrategy.IGNORE)
			.onBackpressureBuffer(this.buffer, (event) -> {
				missed.incrementAndGet();
				this.lost.incrementAndGet();
			}, BufferOverflowStrategy.DROP_LATEST)
			.concatMapIterable((event) -> messages(event, missed.getAndSet(0)), 1);
	}

	private static List<ServerSentEvent<String>> messages(GatewayEvent event, long missed) {
		ServerSentEvent<String> message = ServerSentEvent.builder(EventJson.text(event))
			.event(event.type().label())
			.build();
		return (missed == 0) ? List.of(message)
				: List.of(ServerSentEvent.builder("{\"events\":" + missed + "}").event("events.lost").build(), message);
	}

	private Flux<ServerSentEvent<String>> heartbeats() {
		return Flux.interval(this.heartbeat, Schedulers.parallel()).onBackpressureDrop().map((tick) -> HEARTBEAT);
	}

	/** Ends all feeds. */
	public void close() {
		this.closed.tryEmitEmpty();
	}

}
