package dev.llmproxy.provider;

import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import org.jspecify.annotations.Nullable;

/**
 * One thing per target, by its id, kept across changes of configuration. Bounded, because
 * callers may name any model of a provider: what was not used for longest goes first.
 * Thread-safe.
 *
 * @param <T> what is kept of each target
 */
public final class TargetRegistry<T> {

	private static final int MOST = 10_000;

	private final Cache<String, T> byId;

	private final Function<? super Target, ? extends T> factory;

	public TargetRegistry(Function<? super Target, ? extends T> factory) {
		this.byId = Caffeine.newBuilder().maximumSize(MOST).build();
		this.factory = factory;
	}

	/** What is kept of this target; made on the first call. */
	public T of(Target target) {
		T known = this.byId.getIfPresent(target.id());
		return (known != null) ? known : this.byId.get(target.id(), (id) -> this.factory.apply(target));
	}

	/** The same by an id, for who has no target at hand. */
	public T of(String id, Supplier<? extends T> made) {
		return this.byId.get(id, (missing) -> made.get());
	}

	/** What is kept, if anything. */
	public @Nullable T find(String id) {
		return this.byId.getIfPresent(id);
	}

	public Set<String> ids() {
		return this.byId.asMap().keySet();
	}

	/** A live view. */
	public Map<String, T> all() {
		return this.byId.asMap();
	}

}
