package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.llmproxy.gateway.FlagCheck;
import dev.llmproxy.gateway.Flags;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Timeouts;
import dev.llmproxy.provider.catalog.ModelCatalogue;
import dev.llmproxy.routing.HedgingPolicy;
import dev.llmproxy.routing.Requirement;
import dev.llmproxy.routing.RetryPolicy;
import dev.llmproxy.routing.Route;
import dev.llmproxy.routing.RouteNode;
import dev.llmproxy.routing.Selectors;
import dev.llmproxy.routing.TargetSelector;
import org.jspecify.annotations.Nullable;

/** Makes routes of the properties: of aliases too, which are routes in a word. */
final class ConfiguredRoutes {

	private static final Pattern PLAIN = Pattern.compile("[a-z0-9-]+");

	private final RoutingProperties properties;

	private final RetryPolicy retry;

	private final TargetCatalog catalog;

	private final @Nullable Flags flags;

	/** What each name stands for, without its fallbacks. */
	private final Map<String, RouteNode> roots = new LinkedHashMap<>();

	private ConfiguredRoutes(Providers providers, RoutingProperties properties, ModelCatalogue catalogue,
			Selectors selectors, RetryPolicy retry) {
		this.properties = properties;
		this.retry = retry;
		this.flags = selectors.flags();
		this.catalog = new TargetCatalog(providers, properties.routes(), catalogue);
		properties.aliases().forEach((alias, names) -> {
			List<Target> targets = names.stream()
				.map((name) -> this.catalog.named("llm-proxy.aliases[" + alias + "]", name))
				.toList();
			this.roots.put(alias, (targets.size() == 1) ? new RouteNode.Leaf(targets.get(0))
					: new RouteNode.Group(TargetSelector.LISTED, RouteNode.of(targets)));
		});
		RouteTree tree = new RouteTree(this.catalog, selectors);
		properties.routes().forEach((name, route) -> {
			RoutingChecks.checkName(property(name), name);
			if (this.roots.put(name, tree.root(property(name), route)) != null) {
				throw new InvalidPropertyException(property(name), "'" + name + "' is an alias too",
						"Remove llm-proxy.aliases[" + name + "], or name one of them otherwise.");
			}
		});
	}

	/**
	 * Makes all of them.
	 * @param catalogue tells of targets what no route does
	 * @param retry where a route says nothing else
	 * @throws InvalidPropertyException naming the property that is wrong
	 */
	static List<Route> of(Providers providers, RoutingProperties properties, ModelCatalogue catalogue,
			Selectors selectors, RetryPolicy retry) {
		RoutingChecks.check(providers, properties);
		return new ConfiguredRoutes(providers, properties, catalogue, selectors, retry).routes();
	}

	/** The name of a route's property. */
	static String property(String route) {
		return "llm-proxy.routes" + (PLAIN.matcher(route).matches() ? "." + route : "[" + route + "]");
	}

	private List<Route> routes() {
		List<Route> routes = new ArrayList<>();
		this.roots.forEach((name, root) -> {
			RouteProperties route = this.properties.routes().get(name);
			routes.add((route != null) ? route(name, root, route) : Route.of(name, root, this.retry));
		});
		return routes;
	}

	private Route route(String name, RouteNode root, RouteProperties route) {
		String property = property(name);
		return new Route(name, root, retry(property + ".retry", route.retry()),
				fallbacks(property + ".fallbacks", name, route.fallbacks()),
				fallbacks(property + ".context-window-fallbacks", name, route.contextWindowFallbacks()),
				fallbacks(property + ".content-policy-fallbacks", name, route.contentPolicyFallbacks()),
				hedging(property + ".hedging", route.hedging()), mirror(property + ".mirror", route.mirror()),
				timeouts(property + ".timeouts", route.timeouts()), requirement(route.require()));
	}

	/**
	 * A name stands for its targets only, and not for its own fallbacks: so two routes
	 * may fall back on each other, and there is no circle but of a route with itself.
	 */
	private List<RouteNode> fallbacks(String property, String route, List<String> names) {
		List<RouteNode> nodes = new ArrayList<>();
		for (int i = 0; i < names.size(); i++) {
			String name = names.get(i);
			if (name.equals(route)) {
				throw new InvalidPropertyException(property + "[" + i + "]", "'" + route + "' falls back on itself",
						"Name other targets, or another route.");
			}
			RouteNode root = this.roots.get(name);
			nodes.add((root != null) ? root : new RouteNode.Leaf(target(property + "[" + i + "]", name)));
		}
		return nodes;
	}

	private Target target(String property, String name) {
		if (name.indexOf('/') < 0 && !this.catalog.knows(name)) {
			throw new InvalidPropertyException(property, "there is no route, alias or target '" + name + "'",
					(this.roots.isEmpty() ? "" : "There are: " + String.join(", ", this.roots.keySet()) + ". ")
							+ TargetCatalog.EXAMPLE);
		}
		return this.catalog.named(property, name);
	}

	private RetryPolicy retry(String property, RouteProperties.Retry retry) {
		Set<Integer> statuses = (retry.statuses() != null) ? retry.statuses() : this.retry.statuses();
		if (statuses.stream().anyMatch((status) -> status < 400 || status > 599)) {
			throw new InvalidPropertyException(property + ".statuses", statuses + " are not all statuses of failures",
					"Use statuses from 400 to 599, such as 429 and 503.");
		}
		return checked(property, "Use 0 or more retries, and delays such as 250ms.",
				() -> new RetryPolicy((retry.maxRetries() != null) ? retry.maxRetries() : this.retry.maxRetries(),
						(retry.baseDelay() != null) ? retry.baseDelay() : this.retry.baseDelay(),
						(retry.maxDelay() != null) ? retry.maxDelay() : this.retry.maxDelay(), statuses));
	}

	private @Nullable HedgingPolicy hedging(String property, RouteProperties.@Nullable Hedging hedging) {
		return (hedging != null) ? checked(property, "Use delays such as 200ms, the shortest first, and a percentage.",
				() -> new HedgingPolicy(hedging.minDelay(), hedging.maxDelay(), hedging.maxPercent(),
						check(property + ".flag", hedging.flag())))
				: null;
	}

	private @Nullable FlagCheck check(String property, @Nullable String flag) {
		if (flag == null) {
			return null;
		}
		Flags known = this.flags;
		if (known == null) {
			throw ConfiguredFlags.missing(property);
		}
		return new FlagCheck(known, flag);
	}

	private Route.@Nullable Mirror mirror(String property, RouteProperties.@Nullable Mirror mirror) {
		if (mirror == null) {
			return null;
		}
		if (mirror.target() == null) {
			throw new InvalidPropertyException(property + ".target", "it is missing", TargetCatalog.EXAMPLE);
		}
		Target target = target(property + ".target", mirror.target());
		return checked(property + ".percent", "Use a percentage from 0 to 100.",
				() -> new Route.Mirror(target, mirror.percent()));
	}

	private static @Nullable Timeouts timeouts(String property, RouteProperties.@Nullable Timeouts clocks) {
		return (clocks != null) ? checked(property, "Use durations such as 30s or 2m.",
				() -> new Timeouts(Timeouts.DEFAULT.connect(), clocks.responseHeaders(), clocks.firstToken(),
						clocks.idle(), clocks.total(), clocks.streamTotal()))
				: null;
	}

	private static Requirement requirement(RouteProperties.Require require) {
		return new Requirement(require.regions()
			.stream()
			.map((region) -> region.toLowerCase(Locale.ROOT))
			.collect(Collectors.toUnmodifiableSet()), require.tags());
	}

	private static <T> T checked(String property, String action, Supplier<T> made) {
		try {
			return made.get();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException(property, String.valueOf(ex.getMessage()), action);
		}
	}

}
