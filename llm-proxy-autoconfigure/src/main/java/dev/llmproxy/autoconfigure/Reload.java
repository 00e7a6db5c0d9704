package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.gateway.Snapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * A configuration that is being checked. Parts bring what is to hold next; it is
 * published when all have, or thrown away. Used by one thread.
 */
final class Reload {

	private final Environment environment;

	private final Binder binder;

	private final Snapshot current;

	private final Map<Class<?>, Object> next = new HashMap<>();

	private final Set<String> parts = new LinkedHashSet<>();

	private final List<Runnable> actions = new ArrayList<>();

	Reload(Environment environment, Snapshot current) {
		this.environment = environment;
		this.binder = Binder.get(environment);
		this.current = current;
	}

	/** What was read anew. */
	Environment environment() {
		return this.environment;
	}

	/** Properties that were read anew. */
	<T> T bind(String prefix, Class<T> type) {
		return this.binder.bindOrCreate(prefix, type);
	}

	/** What another part is to be, or is; {@code null} if it does not change ever. */
	<T> @Nullable T next(Class<T> type) {
		Object prepared = this.next.get(type);
		return (prepared != null) ? type.cast(prepared) : this.current.find(type);
	}

	/**
	 * Hands over what is to hold next.
	 * @param part whose it is
	 * @param afterwards is run once it holds, and must not fail
	 */
	<T> void put(Reloadable part, Class<T> type, T value, Runnable afterwards) {
		this.next.put(type, value);
		this.parts.add(part.name());
		this.actions.add(afterwards);
	}

	Map<Class<?>, Object> changed() {
		return this.next;
	}

	List<String> parts() {
		return List.copyOf(this.parts);
	}

	void applied() {
		this.actions.forEach(Runnable::run);
	}

}
