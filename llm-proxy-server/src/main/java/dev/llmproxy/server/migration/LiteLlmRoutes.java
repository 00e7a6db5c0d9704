package dev.llmproxy.server.migration;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/** Makes providers, aliases and routes of groups of deployments. */
final class LiteLlmRoutes {

	/** Below this the default time until a stream's head would cut it off. */
	private static final long HEAD_SECONDS = 60;

	private final Draft draft;

	private final String strategy;

	/** Deployments by what callers name, those with '*' apart. */
	private final Map<String, List<Deployment>> groups = new LinkedHashMap<>();

	private final LiteLlmWildcards wildcards;

	private final Map<Deployment, String> providers = new LinkedHashMap<>();

	/** What is said of each target, by its id: two that differ have ids of their own. */
	private final Map<String, Map<String, Object>> facts = new LinkedHashMap<>();

	private final Map<Deployment, Map<String, Object>> targets = new LinkedHashMap<>();

	private final Map<String, String> aliases = new LinkedHashMap<>();

	private final Map<String, Object> likes = new LinkedHashMap<>();

	LiteLlmRoutes(Draft draft, String strategy, List<Deployment> deployments) {
		this.draft = draft;
		this.strategy = strategy;
		this.wildcards = new LiteLlmWildcards(draft);
		this.wildcards.add(deployments.stream().filter(Deployment::wildcard).toList());
		for (Deployment deployment : deployments) {
			if (!deployment.wildcard()) {
				this.groups.computeIfAbsent(deployment.group(), (group) -> new ArrayList<>()).add(deployment);
				this.providers.put(deployment,
						draft.provider(deployment.provider(), deployment.type(), deployment.settings()));
			}
		}
		this.groups.values().forEach((group) -> group.forEach(this::target));
		if (!this.likes.isEmpty()) {
			draft.set("llm-proxy.catalogue.models", this.likes,
					"Deployments with names of their own have windows and prices of models that are known.");
		}
	}

	void alias(String item, String name, String group) {
		if (!this.groups.containsKey(group) || this.groups.containsKey(name)) {
			this.draft.left(item, this.groups.containsKey(name) ? "'" + name + "' is a model itself"
					: "there is no model '" + group + "'", "Name one that there is.");
			return;
		}
		this.aliases.put(name, group);
	}

	/** All that callers may name, with '*' where LiteLLM has it. */
	List<String> names() {
		Set<String> names = new LinkedHashSet<>(this.groups.keySet());
		names.addAll(this.aliases.keySet());
		names.addAll(this.wildcards.names());
		return List.copyOf(names);
	}

	/**
	 * A {@code provider/model} for a name of LiteLLM's; {@code null} if there is none.
	 */
	@Nullable String target(String name) {
		List<Deployment> group = this.groups.get(this.aliases.getOrDefault(name, name));
		return (group != null) ? plain(group.get(0)) : this.wildcards.target(name);
	}

	private String plain(Deployment deployment) {
		return this.providers.get(deployment) + "/" + deployment.model();
	}

	private void target(Deployment deployment) {
		String model = plain(deployment);
		String id = (deployment.id() != null && !deployment.id().contains("/")) ? deployment.id() : model;
		for (int i = 2; this.facts.containsKey(id) && !this.facts.get(id).equals(of(deployment)); i++) {
			id = ProviderSettings.plain(deployment.group()) + "-" + i;
		}
		this.facts.put(id, of(deployment));
		Map<String, Object> target = new LinkedHashMap<>();
		target.put("model", model);
		if (!id.equals(model)) {
			target.put("id", id);
		}
		target.putAll(deployment.facts());
		this.targets.put(deployment, target);
		if (deployment.like() != null && !deployment.like().equals(model)) {
			this.likes.put(model, Map.of("like", deployment.like()));
		}
	}

	private Map<String, Object> of(Deployment deployment) {
		Map<String, Object> all = new LinkedHashMap<>(deployment.facts());
		all.put("model", plain(deployment));
		return all;
	}

	/** Writes all of them, with what is tried when they fail. */
	void write(LiteLlmFallbacks fallbacks) {
		Map<String, String> names = new LinkedHashMap<>();
		this.groups.keySet().forEach((group) -> names.put(group, group));
		names.putAll(this.aliases);
		names.forEach((name, group) -> {
			List<Deployment> deployments = this.groups.get(group);
			if (deployments == null) {
				return;
			}
			Map<String, Object> route = route(deployments);
			fallbacks.of(group).forEach((kind, others) -> {
				List<String> known = others.stream()
					.map((other) -> known(fallbacks.item(), name, other))
					.filter((other) -> other != null)
					.distinct()
					.toList();
				if (!known.isEmpty()) {
					route.put(kind, known);
				}
			});
			String only = only(route);
			if (only != null) {
				this.draft.alias(name, only);
			}
			else {
				this.draft.route(name, route);
			}
		});
	}

	/** The target of a route of which nothing else is said. */
	private static @Nullable String only(Map<String, Object> route) {
		return (route.size() == 1 && route.get("targets") instanceof List<?> targets && targets.size() == 1
				&& targets.get(0) instanceof Map<?, ?> target && target.size() == 1)
						? String.valueOf(target.get("model")) : null;
	}

	private @Nullable String known(String item, String route, String name) {
		if (name.equals(route)) {
			return null;
		}
		if (this.groups.containsKey(name) || this.aliases.containsKey(name)
				|| (this.facts.containsKey(name) && !name.contains("/"))) {
			return name;
		}
		String target = this.wildcards.target(name);
		if (target == null) {
			this.draft.left(item, "there is no model '" + name + "' to fall back on",
					"Add it, or name another one in llm-proxy.routes.");
		}
		return target;
	}

	private Map<String, Object> route(List<Deployment> group) {
		Map<String, Object> route = new LinkedHashMap<>();
		List<Deployment> distinct = distinct(group);
		SortedMap<Long, List<Deployment>> orders = distinct.stream()
			.collect(Collectors.groupingBy((one) -> (one.order() != null) ? one.order() : Long.MAX_VALUE, TreeMap::new,
					Collectors.toList()));
		if (orders.size() == 1) {
			choose(route, distinct);
		}
		else {
			ordered(route, orders);
		}
		group.stream()
			.map(Deployment::retries)
			.filter((n) -> n != null)
			.max(Long::compare)
			.ifPresent((retries) -> route.put("retry", new LinkedHashMap<>(Map.of("max-retries", retries))));
		Map<String, Object> timeouts = timeouts(group);
		if (!timeouts.isEmpty()) {
			route.put("timeouts", timeouts);
		}
		return route;
	}

	/** One that is listed twice in a group is one with twice the weight. */
	private List<Deployment> distinct(List<Deployment> group) {
		Map<Object, Deployment> distinct = new LinkedHashMap<>();
		for (Deployment one : group) {
			if (distinct.putIfAbsent(this.targets.get(one), one) != null) {
				this.draft.left(one.path(), "'" + one.group() + "' has the same deployment already", "Nothing.");
			}
		}
		return List.copyOf(distinct.values());
	}

	private void choose(Map<String, Object> route, List<Deployment> group) {
		if (group.size() > 1) {
			route.put("strategy", this.strategy);
		}
		Map<Deployment, Long> weights = (group.size() > 1) ? weights(group) : Map.of();
		List<Map<String, Object>> targets = new ArrayList<>();
		for (Deployment one : group) {
			Map<String, Object> target = new LinkedHashMap<>(this.targets.getOrDefault(one, Map.of()));
			Long weight = weights.get(one);
			if (weight != null) {
				target.put("weight", weight);
			}
			targets.add(target);
		}
		route.put("targets", targets);
	}

	/** Who has no order comes last. */
	private void ordered(Map<String, Object> route, SortedMap<Long, List<Deployment>> orders) {
		route.put("strategy", "priority");
		List<Map<String, Object>> targets = new ArrayList<>();
		long priority = 1;
		for (List<Deployment> group : orders.values()) {
			Map<String, Object> part = new LinkedHashMap<>();
			choose(part, group);
			if (group.size() == 1 && part.get("targets") instanceof List<?> only
					&& only.get(0) instanceof Map<?, ?> one) {
				part.clear();
				one.forEach((name, value) -> part.put(String.valueOf(name), value));
			}
			part.put("priority", priority++);
			targets.add(part);
		}
		route.put("targets", targets);
	}

	/** As whole numbers: those that are given, or else what each is granted. */
	private Map<Deployment, Long> weights(List<Deployment> group) {
		Map<Deployment, Long> weights = new LinkedHashMap<>();
		if (group.stream().anyMatch((one) -> one.weight() != null)) {
			List<BigDecimal> given = group.stream()
				.map((one) -> (one.weight() != null) ? one.weight() : BigDecimal.ONE)
				.toList();
			List<Long> whole = Weights.whole(given);
			for (int i = 0; i < group.size(); i++) {
				weights.put(group.get(i), whole.get(i));
			}
			return weights;
		}
		if (!this.strategy.equals("weighted")) {
			return weights;
		}
		for (String limit : List.of("requests-per-minute", "tokens-per-minute")) {
			List<BigDecimal> grants = new ArrayList<>();
			for (Deployment one : group) {
				Long granted = one.granted(limit);
				if (granted != null) {
					grants.add(BigDecimal.valueOf(granted));
				}
			}
			if (grants.size() == group.size()) {
				List<Long> whole = Weights.whole(grants);
				for (int i = 0; i < group.size(); i++) {
					weights.put(group.get(i), whole.get(i));
				}
				return weights;
			}
		}
		return weights;
	}

	/** Clocks belong to the route: the longest of its deployments. */
	private Map<String, Object> timeouts(List<Deployment> group) {
		Map<String, Object> timeouts = new LinkedHashMap<>();
		String total = longest(group, Deployment::total);
		String firstToken = longest(group, Deployment::firstToken);
		if (total != null) {
			timeouts.put("total", total);
		}
		if (firstToken != null) {
			timeouts.put("first-token", firstToken);
			timeouts.put("response-headers", firstToken);
		}
		else if (total != null && millis(total) < HEAD_SECONDS * 1000) {
			timeouts.put("first-token", total);
			timeouts.put("response-headers", total);
		}
		if (group.stream().map((one) -> one.total() + "," + one.firstToken()).distinct().count() > 1) {
			this.draft.left(group.get(0).path() + ".timeout",
					"the deployments of '" + group.get(0).group()
							+ "' have different times, and a route has one: the longest is taken",
					"Set it in the route, or the timeouts of providers.");
		}
		return timeouts;
	}

	private static @Nullable String longest(List<Deployment> group, Function<Deployment, @Nullable String> clock) {
		String longest = null;
		for (Deployment one : group) {
			String duration = clock.apply(one);
			if (duration != null && (longest == null || millis(duration) > millis(longest))) {
				longest = duration;
			}
		}
		return longest;
	}

	private static long millis(String duration) {
		return DurationStyle.SIMPLE.parse(duration).toMillis();
	}

}
