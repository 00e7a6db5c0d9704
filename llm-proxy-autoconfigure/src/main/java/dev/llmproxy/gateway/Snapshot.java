package dev.llmproxy.gateway;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Those parts of the configuration that change while requests are served, as of one
 * moment: they were checked together and hold together. A request keeps the snapshot that
 * it began with. Immutable.
 */
public final class Snapshot {

	static final Snapshot EMPTY = new Snapshot(1, Map.of());

	private final long generation;

	private final Map<Class<?>, Object> parts;

	private Snapshot(long generation, Map<Class<?>, Object> parts) {
		this.generation = generation;
		this.parts = Map.copyOf(parts);
	}

	/** Counts the configurations of this process, from 1. */
	public long generation() {
		return this.generation;
	}

	/** A part; {@code null} if it does not change, and is a bean like any other. */
	public <T> @Nullable T find(Class<T> part) {
		return part.cast(this.parts.get(part));
	}

	/**
	 * A part.
	 * @throws IllegalStateException if there is none of this type
	 */
	public <T> T get(Class<T> part) {
		T found = find(part);
		if (found == null) {
			throw new IllegalStateException("No " + part.getSimpleName() + " has been published");
		}
		return found;
	}

	Snapshot with(long generation, Map<Class<?>, ?> changed) {
		Map<Class<?>, Object> next = new HashMap<>(this.parts);
		changed.forEach((type, part) -> next.put(type, type.cast(part)));
		return new Snapshot(generation, next);
	}

}
