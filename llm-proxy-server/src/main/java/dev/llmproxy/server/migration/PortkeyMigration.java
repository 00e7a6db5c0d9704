package dev.llmproxy.server.migration;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** Of Portkey's gateway: one config is one route. */
final class PortkeyMigration {

	private static final Map<String, String> STRATEGIES = Map.of("loadbalance", "weighted", "fallback", "ordered",
			"single", "ordered", "conditional", "conditional");

	private static final String HOOKS = "(before|after)_request_hooks|(default_)?(input|output)_guardrails|guardrails";

	private final Draft draft;

	private final PortkeyTargets targets;

	PortkeyMigration(Draft draft, @Nullable String model) {
		this.draft = draft;
		this.targets = new PortkeyTargets(draft, model);
	}

	void migrate(String name, Section root) {
		Policies policies = new Policies(root);
		Map<String, Object> route = new LinkedHashMap<>();
		Map<String, Object> made = node(root, policies);
		if (made == null) {
			this.draft.left((root.path().isEmpty() ? "targets" : root.path()),
					"no target is left, so there is no route",
					"Name models: --model, or override_params.model of each target.");
			return;
		}
		if (made.containsKey("model")) {
			route.put("targets", List.of(made));
		}
		else {
			made.remove("name");
			made.remove("weight");
			route.putAll(made);
		}
		policies.write(route);
		if (route.size() == 1 && made.size() == 1) {
			this.draft.alias(name, String.valueOf(made.get("model")));
		}
		else {
			this.draft.route(name, route);
		}
		this.draft.left("access", "whoever has a key of Portkey's may call there",
				"Make keys with: keys create. Without any this server serves its own machine only.");
	}

	private @Nullable Map<String, Object> node(Section section, Policies policies) {
		List<Section> parts = section.sections("targets");
		parts.addAll(section.sections("options"));
		Map<String, Object> node = parts.isEmpty() ? this.targets.read(section) : group(section, parts, policies);
		policies.read(section);
		for (String key : List.copyOf(section.keys())) {
			if (key.matches(HOOKS)) {
				section.left(key, "there are no guardrails here", "Keep them in the application, or in front of it.");
			}
		}
		section.take("weight");
		section.take("name");
		section.rest("it is nothing that is said of a target here", "Look in src-docs/routing.md.");
		return node;
	}

	private @Nullable Map<String, Object> group(Section section, List<Section> parts, Policies policies) {
		Section strategy = section.section("strategy");
		String mode = strategy.text("mode");
		mode = (mode != null) ? mode : section.text("mode");
		String ours = STRATEGIES.get((mode != null) ? mode : "single");
		if (ours == null) {
			strategy.left("mode", "there is no strategy '" + mode + "'; the targets are tried in order",
					"Choose one of src-docs/routing.md.");
			ours = "ordered";
		}
		if (!strategy.texts("on_status_codes").isEmpty()) {
			strategy.left("on_status_codes",
					"the next target is tried after all failures but those of the request itself",
					"See src-docs/faults.md for what that is.");
		}
		List<Map<String, Object>> targets = targets(parts, "single".equals(mode), ours, policies);
		if (targets.isEmpty()) {
			return null;
		}
		Map<String, Object> group = new LinkedHashMap<>();
		String name = section.text("name");
		if (name != null) {
			group.put("name", name);
		}
		if (targets.size() > 1 || ours.equals("conditional")) {
			group.put("strategy", ours);
		}
		group.put("targets", targets);
		if (ours.equals("conditional")) {
			conditions(strategy, group, targets);
		}
		strategy.rest("it is nothing of a strategy here", "Look in src-docs/routing.md.");
		return group;
	}

	private List<Map<String, Object>> targets(List<Section> parts, boolean single, String strategy, Policies policies) {
		List<Map<String, Object>> targets = new ArrayList<>();
		List<BigDecimal> weights = new ArrayList<>();
		for (Section part : single ? parts.subList(0, 1) : parts) {
			BigDecimal weight = part.number("weight");
			Map<String, Object> node = node(part, policies);
			if (node == null) {
				continue;
			}
			if (weight != null && weight.signum() <= 0) {
				part.left("weight", "who is to get nothing is left out", "Nothing.");
				continue;
			}
			Map<String, Object> named = new LinkedHashMap<>();
			String name = part.text("name");
			if (name != null) {
				named.put("name", name);
			}
			named.putAll(node);
			if (targets.stream().anyMatch((one) -> key(one).equals(key(named)))) {
				part.left("provider", "the same target is there already", "Nothing.");
				continue;
			}
			targets.add(named);
			weights.add((weight != null) ? weight : BigDecimal.ONE);
		}
		if (strategy.equals("weighted") && weights.stream().distinct().count() > 1) {
			List<Long> whole = Weights.whole(weights);
			for (int i = 0; i < targets.size(); i++) {
				targets.get(i).put("weight", whole.get(i));
			}
		}
		return targets;
	}

	private static Object key(Map<String, Object> target) {
		Object name = target.get("name");
		Object model = target.get("model");
		return (name != null) ? name : (model != null) ? model : target;
	}

	private void conditions(Section strategy, Map<String, Object> group, List<Map<String, Object>> targets) {
		List<String> names = targets.stream().map((one) -> String.valueOf(key(one))).toList();
		List<Map<String, Object>> conditions = new ArrayList<>();
		for (Section condition : strategy.sections("conditions")) {
			String then = condition.text("then");
			if (then != null && names.contains(then) && condition.take("query") instanceof Map<?, ?> query
					&& !query.toString().contains("url.pathname")) {
				Map<String, Object> one = new LinkedHashMap<>();
				one.put("query", query);
				one.put("then", then);
				conditions.add(one);
			}
			else {
				this.draft.left(condition.path(), "its target is not there, or it asks for the path",
						"Write it by hand (src-docs/routing.md has the fields that there are: operation, for one).");
			}
		}
		String otherwise = strategy.text("default");
		if (otherwise != null && names.contains(otherwise)) {
			group.put("default-target", otherwise);
		}
		if (conditions.isEmpty()) {
			group.put("strategy", "ordered");
			group.remove("default-target");
		}
		else {
			group.put("conditions", conditions);
		}
	}

	/** Retries, times and the cache, which belong to the route as a whole here. */
	private final class Policies {

		private final String root;

		private @Nullable Long attempts;

		private List<String> statuses = List.of();

		private @Nullable String total;

		private @Nullable String cacheTtl;

		private boolean cache;

		Policies(Section root) {
			this.root = root.path();
		}

		void read(Section section) {
			Section retry = section.section("retry");
			Long more = retry.whole("attempts");
			List<String> codes = retry.texts("on_status_codes");
			retry.take("use_retry_after_headers");
			retry.take("use_retry_after_header");
			if (more != null) {
				if (!section.path().equals(this.root)) {
					retry.left("attempts", "retries belong to the route: the highest number is taken",
							"See llm-proxy.routes.<name>.retry.");
				}
				this.attempts = (this.attempts == null) ? more : Long.valueOf(Math.max(this.attempts, more));
			}
			if (!codes.isEmpty()) {
				this.statuses = codes;
			}
			Long timeout = section.whole("request_timeout");
			if (timeout != null && timeout > 0 && this.total == null) {
				this.total = Section.duration(timeout);
			}
			cache(section);
		}

		private void cache(Section section) {
			if (!section.has("cache")) {
				return;
			}
			Section settings = section.section("cache");
			String mode = (section.take("cache") instanceof String text) ? text : settings.text("mode");
			this.cache = true;
			String age = settings.seconds("max_age");
			this.cacheTtl = (age != null) ? age : this.cacheTtl;
			if ("semantic".equals(mode)) {
				settings.left("mode", "questions of the same meaning need a model that makes vectors",
						"Set llm-proxy.cache.semantic.enabled and .embedding-model; until then only equal ones are found.");
			}
		}

		void write(Map<String, Object> route) {
			Map<String, Object> retry = new LinkedHashMap<>();
			if (this.attempts != null) {
				retry.put("max-retries", this.attempts);
			}
			List<Integer> codes = this.statuses.stream()
				.filter((code) -> code.matches("[45]\\d\\d"))
				.map(Integer::valueOf)
				.toList();
			if (!codes.isEmpty()) {
				retry.put("statuses", codes);
			}
			if (!retry.isEmpty()) {
				route.put("retry", retry);
			}
			if (this.total != null) {
				route.put("timeouts", Map.of("total", this.total));
			}
			if (this.cache) {
				PortkeyMigration.this.draft.set("llm-proxy.cache.enabled", true,
						"Each key has answers of its own here; 'tenant: team' shares them within a team.");
				PortkeyMigration.this.draft.set("llm-proxy.cache.non-deterministic", true);
				if (this.cacheTtl != null) {
					route.put("cache", Map.of("ttl", this.cacheTtl));
				}
			}
		}

	}

}
