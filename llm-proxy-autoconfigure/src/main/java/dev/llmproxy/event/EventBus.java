package dev.llmproxy.event;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.Disposable;

/**
 * Tells listeners of events, on one thread, in the order in which they were published.
 * Whoever has something to tell asks first whether anybody {@link #wanted wants} it, and
 * makes no event otherwise. Thread-safe.
 */
public final class EventBus {

	/** More than a second of a busy gateway. */
	public static final int CAPACITY = 10_000;

	private static final Log logger = LogFactory.getLog(EventBus.class);

	private static final Listening[] NOBODY = {};

	private final EventQueue<GatewayEvent> queue;

	/** By type; replaced as a whole. */
	private volatile Listening[][] listeners = new Listening[EventType.values().length][];

	/**
	 * Creates one that nobody listens to.
	 * @param capacity how many events may wait for listeners; others are dropped
	 */
	public EventBus(int capacity) {
		Arrays.fill(this.listeners, NOBODY);
		this.queue = new EventQueue<>("llm-events", capacity, this::tell);
	}

	/** Whether anybody listens to events of a type. Costs two reads. */
	public boolean wanted(EventType type) {
		return this.listeners[type.ordinal()].length > 0;
	}

	/** Has listeners told, soon. Never blocks. */
	public void publish(GatewayEvent event) {
		if (wanted(event.type())) {
			this.queue.offer(event);
		}
	}

	/**
	 * Listens.
	 * @param listener is called on the thread of the bus, so it is quick; what it throws
	 * is logged
	 * @return ends it
	 */
	public synchronized Disposable listen(Set<EventType> types, Consumer<? super GatewayEvent> listener) {
		Listening listening = new Listening(listener);
		Listening[][] next = this.listeners.clone();
		for (EventType type : types) {
			Listening[] before = next[type.ordinal()];
			Listening[] after = Arrays.copyOf(before, before.length + 1);
			after[before.length] = listening;
			next[type.ordinal()] = after;
		}
		this.listeners = next;
		this.queue.start();
		return () -> forget(listening);
	}

	private synchronized void forget(Listening listening) {
		Listening[][] next = this.listeners.clone();
		for (int i = 0; i < next.length; i++) {
			next[i] = Arrays.stream(next[i]).filter((one) -> one != listening).toArray(Listening[]::new);
		}
		this.listeners = next;
	}

	private void tell(GatewayEvent event) {
		for (Listening listening : this.listeners[event.type().ordinal()]) {
			try {
				listening.listener.accept(event);
			}
			catch (RuntimeException ex) {
				logger.warn("A listener to '" + event.type().label() + "' failed", ex);
			}
		}
	}

	/** How many events found no room. */
	public long dropped() {
		return this.queue.dropped();
	}

	/** Tells what waits, within this time, and nothing any more. */
	public void close(Duration patience) {
		this.queue.close(patience);
	}

	/** An identity for each, though one consumer may listen twice. */
	private static final class Listening {

		private final Consumer<? super GatewayEvent> listener;

		Listening(Consumer<? super GatewayEvent> listener) {
			this.listener = listener;
		}

	}

}
