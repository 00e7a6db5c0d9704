package dev.llmproxy.gateway;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The snapshot that holds now. Reading it is one volatile read; all parts change in one
 * write, so that nobody sees some of one configuration and some of another. Thread-safe.
 */
public final class LiveSnapshot {

	private volatile Snapshot current = Snapshot.EMPTY;

	public Snapshot current() {
		return this.current;
	}

	/** The part that holds now. */
	public <T> T get(Class<T> part) {
		return this.current.get(part);
	}

	/**
	 * The part that a request began with, from its key to its provider; that which holds
	 * now where it began with none, as the application's own do.
	 * @throws IllegalStateException if there is none of this type
	 */
	public <T> T get(LlmRequest request, Class<T> part) {
		T began = began(request, part);
		return (began != null) ? began : get(part);
	}

	/** The same; {@code null} if there is none of this type. */
	public <T> @Nullable T find(LlmRequest request, Class<T> part) {
		T began = began(request, part);
		return (began != null) ? began : this.current.find(part);
	}

	private static <T> @Nullable T began(LlmRequest request, Class<T> part) {
		Snapshot snapshot = request.snapshot();
		return (snapshot != null) ? snapshot.find(part) : null;
	}

	/** Adds a part of the first configuration, while the application starts. */
	public synchronized <T> void add(Class<T> type, T part) {
		Snapshot known = this.current;
		this.current = known.with(known.generation(), Map.of(type, part));
	}

	/**
	 * Replaces parts, all at once.
	 * @param changed by their types; what is not in it stays
	 * @return what holds from now on
	 */
	public synchronized Snapshot replace(Map<Class<?>, ?> changed) {
		Snapshot known = this.current;
		Snapshot next = known.with(known.generation() + 1, changed);
		this.current = next;
		return next;
	}

}
