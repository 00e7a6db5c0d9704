package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.llmproxy.flag.FlagDefinition;
import dev.llmproxy.flag.FlagSettings;
import dev.llmproxy.gateway.Flags;
import dev.llmproxy.routing.ConditionQuery;
import org.jspecify.annotations.Nullable;

/** Reads flags, and who asks which of them. */
final class ConfiguredFlags {

	private static final String VALUES = "llm-proxy.flags.values.";

	private final FlagProperties flags;

	private final RoutingProperties routing;

	private final Map<String, FlagDefinition> values = new HashMap<>();

	private final boolean ours;

	private ConfiguredFlags(FlagProperties flags, RoutingProperties routing, boolean ours) {
		this.flags = flags;
		this.routing = routing;
		this.ours = ours;
	}

	/**
	 * Reads it all.
	 * @param ours whether there are no flags but those that are configured here
	 * @throws InvalidPropertyException if some of it can't be
	 */
	static FlagSettings read(FlagProperties flags, RoutingProperties routing, CacheProperties cache,
			ContextProperties context, boolean ours) {
		return new ConfiguredFlags(flags, routing, ours).settings(cache, context);
	}

	/** A flag is named, and nobody can tell it. */
	static InvalidPropertyException missing(String property) {
		return new InvalidPropertyException(property, "the application has no feature flags",
				"Add the dependency dev.openfeature:sdk, or remove the property.");
	}

	private FlagSettings settings(CacheProperties cache, ContextProperties context) {
		this.flags.values().forEach((name, value) -> this.values.put(name, definition(VALUES + name, value)));
		by();
		if (this.flags.model() != null) {
			known("llm-proxy.flags.model", new Flags.Asked(this.flags.model(), Flags.Kind.TEXT));
			models(this.flags.model());
		}
		Set<Flags.Asked> general = new LinkedHashSet<>();
		add(general, "llm-proxy.cache.flag", cache.flag());
		add(general, "llm-proxy.context.flag", context.flag());
		Map<String, List<Flags.Asked>> conditions = new HashMap<>();
		this.routing.routes()
			.forEach((name, route) -> conditions.put(name, conditions(ConfiguredRoutes.property(name), route)));
		Map<String, List<Flags.Asked>> deciding = new HashMap<>();
		Map<String, List<Flags.Asked>> byRoute = new HashMap<>();
		this.routing.routes().forEach((name, route) -> {
			Set<Flags.Asked> decide = new LinkedHashSet<>(conditions.getOrDefault(name, List.of()));
			for (List<String> more : List.of(route.fallbacks(), route.contextWindowFallbacks(),
					route.contentPolicyFallbacks())) {
				more.forEach((other) -> decide.addAll(conditions.getOrDefault(other, List.of())));
			}
			Set<Flags.Asked> all = new LinkedHashSet<>(decide);
			String property = ConfiguredRoutes.property(name);
			add(all, property + ".hedging.flag", (route.hedging() != null) ? route.hedging().flag() : null);
			add(all, property + ".cache.flag", (route.cache() != null) ? route.cache().flag() : null);
			add(all, property + ".context.flag", (route.context() != null) ? route.context().flag() : null);
			if (!decide.isEmpty()) {
				deciding.put(name, List.copyOf(decide));
			}
			if (!all.isEmpty()) {
				byRoute.put(name, List.copyOf(all));
			}
		});
		return new FlagSettings(this.flags.model(), this.flags.by(), routes(), this.values, List.copyOf(general),
				byRoute, deciding);
	}

	private Set<String> routes() {
		Set<String> routes = new TreeSet<>(this.routing.routes().keySet());
		routes.addAll(this.routing.aliases().keySet());
		return routes;
	}

	private void by() {
		for (String field : this.flags.by()) {
			if (!Set.of("caller", "user", "team").contains(field) && !field.startsWith("metadata.")) {
				throw new InvalidPropertyException("llm-proxy.flags.by", "there is no '" + field + "'",
						"Use caller, user, team or metadata.<name>.");
			}
		}
	}

	private void add(Set<Flags.Asked> asked, String property, @Nullable String flag) {
		if (flag != null) {
			asked.add(known(property, new Flags.Asked(flag, Flags.Kind.BOOLEAN)));
		}
	}

	/** Where all flags are configured here, one that is not is a typing mistake. */
	private Flags.Asked known(String property, Flags.Asked asked) {
		FlagDefinition definition = this.values.get(asked.flag());
		if (definition == null && this.ours) {
			throw new InvalidPropertyException(property, "there is no flag '" + asked.flag() + "'",
					"Add it as " + VALUES + asked.flag() + ", or set llm-proxy.flags.provider.");
		}
		if (definition != null && definition.kind() != asked.kind()) {
			throw new InvalidPropertyException(property,
					"the values of the flag '" + asked.flag() + "' are " + plural(definition.kind()) + ", and "
							+ plural(asked.kind()) + " are wanted",
					"Use another flag, or change " + VALUES + asked.flag() + ".variants.");
		}
		return asked;
	}

	private static String plural(Flags.Kind kind) {
		return kind.name().toLowerCase(Locale.ROOT) + "s";
	}

	/** What a flag leads to has to be there, as an alias' has. */
	private void models(String flag) {
		FlagDefinition definition = this.values.get(flag);
		if (definition == null) {
			return;
		}
		definition.variants().values().forEach((value) -> {
			String model = value.toString();
			if (!model.isEmpty() && model.indexOf('/') < 0 && !routes().contains(model)) {
				throw new InvalidPropertyException(VALUES + flag + ".variants",
						"there is no route or alias '" + model + "'", TargetCatalog.EXAMPLE);
			}
		});
	}

	private List<Flags.Asked> conditions(String property, RouteProperties route) {
		List<Flags.Asked> asked = new ArrayList<>();
		conditions(property, route.conditions(), asked);
		targets(property, route.targets(), asked);
		return asked;
	}

	private void targets(String property, List<RouteProperties.Target> targets, List<Flags.Asked> asked) {
		for (int i = 0; i < targets.size(); i++) {
			String place = property + ".targets[" + i + "]";
			conditions(place, targets.get(i).conditions(), asked);
			targets(place, targets.get(i).targets(), asked);
		}
	}

	private void conditions(String property, List<RouteProperties.Branch> conditions, List<Flags.Asked> asked) {
		for (int i = 0; i < conditions.size(); i++) {
			String place = property + ".conditions[" + i + "].query";
			try {
				ConditionQuery.flags(conditions.get(i).query()).forEach((flag) -> asked.add(known(place, flag)));
			}
			catch (IllegalArgumentException ex) {
				// The routes say what is wrong with it.
			}
		}
	}

	private static FlagDefinition definition(String property, FlagProperties.Value value) {
		Map<String, Object> variants = new TreeMap<>();
		value.variants().forEach((name, of) -> variants.put(name(name), of));
		Flags.Kind kind = kind(variants);
		if (variants.isEmpty()) {
			variants.put("true", true);
			variants.put("false", false);
		}
		else {
			variants.replaceAll((name, of) -> typed(kind, of));
		}
		return InvalidPropertyException.checked(property, () -> {
			List<FlagDefinition.Rule> rules = new ArrayList<>();
			for (FlagProperties.Rule rule : value.rules()) {
				rules.add(rule(rule));
			}
			if (!value.split().isEmpty()) {
				rules.add(new FlagDefinition.Rule(Map.of(), split(value.split())));
			}
			return new FlagDefinition(kind, variants, otherwise(value, variants), rules);
		});
	}

	private static String otherwise(FlagProperties.Value value, Map<String, Object> variants) {
		if (value.defaultVariant() != null) {
			return name(value.defaultVariant());
		}
		if (!variants.containsKey("false")) {
			throw new IllegalArgumentException("default-variant is missing; there are " + variants.keySet());
		}
		return "false";
	}

	private static FlagDefinition.Rule rule(FlagProperties.Rule rule) {
		if ((rule.variant() != null) == !rule.split().isEmpty()) {
			throw new IllegalArgumentException("a rule needs either a variant or a split");
		}
		return (rule.variant() != null) ? new FlagDefinition.Rule(rule.when(), name(rule.variant()))
				: new FlagDefinition.Rule(rule.when(), split(rule.split()));
	}

	private static SortedMap<String, Double> split(Map<String, Double> split) {
		SortedMap<String, Double> shares = new TreeMap<>();
		split.forEach((name, share) -> shares.put(name(name), share));
		return shares;
	}

	/** YAML reads on and off as booleans, other sources don't. */
	private static String name(String name) {
		return name.equals("on") ? "true" : name.equals("off") ? "false" : name;
	}

	private static Flags.Kind kind(Map<String, Object> variants) {
		if (variants.values().stream().allMatch((of) -> Set.of("true", "false").contains(of.toString()))) {
			return Flags.Kind.BOOLEAN;
		}
		return variants.values().stream().allMatch((of) -> number(of) != null) ? Flags.Kind.NUMBER : Flags.Kind.TEXT;
	}

	private static Object typed(Flags.Kind kind, Object value) {
		Double number = number(value);
		return switch (kind) {
			case BOOLEAN -> Boolean.valueOf(value.toString());
			case NUMBER -> (number != null) ? number : Double.NaN;
			case TEXT -> value.toString();
		};
	}

	private static @Nullable Double number(Object value) {
		try {
			return Double.valueOf(value.toString());
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

}
