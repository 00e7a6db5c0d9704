package dev.llmproxy.observability;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Bounds the labels that callers could make up: models, routes and targets. What the
 * configuration names is always told by its name. Of other names so many pairs of a route
 * and a model are told as meters have room for, whoever comes first; the rest is
 * {@code other}. One cap is shared by all meters, so that what is {@code other} in one is
 * so in each. Thread-safe.
 */
public final class SeriesCap {

	static final String OTHER = "other";

	static final String NONE = "none";

	private final int most;

	private final Supplier<Set<String>> configuration;

	private final Set<Names> admitted = ConcurrentHashMap.newKeySet();

	private final Set<String> known = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Set<String> configured;

	/**
	 * Creates a cap.
	 * @param most pairs of names that callers may bring in
	 * @param configuration tells the names that are configured; asked when they are
	 * needed first, and after each {@link #refresh()}
	 */
	public SeriesCap(int most, Supplier<Set<String>> configuration) {
		if (most < 0) {
			throw new IllegalArgumentException("There can't be fewer than 0 series");
		}
		this.most = most;
		this.configuration = configuration;
	}

	/** Other names may be configured than before. */
	public void refresh() {
		this.configured = null;
	}

	/**
	 * The names as labels. A call that got to no route is told of the route that it
	 * named, if that is known; it may have named anything, so it takes no place.
	 * @param route {@link #NONE} for none
	 */
	Names names(String route, String model) {
		if (NONE.equals(route)) {
			return isConfigured(model) || this.known.contains(model) ? new Names(model, model) : new Names(NONE, OTHER);
		}
		Names names = new Names(route, model);
		if (this.admitted.contains(names)) {
			return names;
		}
		boolean routeConfigured = isConfigured(route);
		boolean modelConfigured = isConfigured(model);
		if ((routeConfigured && modelConfigured) || admit(names)) {
			return names;
		}
		return new Names((routeConfigured || this.known.contains(route)) ? route : OTHER,
				modelConfigured ? model : OTHER);
	}

	/** A name that stands alone as a label. */
	String name(String name) {
		return names(name, name).route();
	}

	private boolean isConfigured(String name) {
		Set<String> configured = this.configured;
		if (configured == null) {
			configured = Set.copyOf(this.configuration.get());
			this.configured = configured;
		}
		return NONE.equals(name) || configured.contains(name);
	}

	private boolean admit(Names names) {
		if (this.admitted.size() >= this.most) {
			return false;
		}
		synchronized (this) {
			if (this.admitted.size() >= this.most) {
				return this.admitted.contains(names);
			}
			this.known.add(names.route());
			this.known.add(names.model());
			this.admitted.add(names);
			return true;
		}
	}

	/** A route and a model, as labels say them. */
	record Names(String route, String model) {
	}

}
