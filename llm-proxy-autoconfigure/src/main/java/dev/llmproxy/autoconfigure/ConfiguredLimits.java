package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import dev.llmproxy.limit.Dimension;
import dev.llmproxy.limit.LimitRule;
import dev.llmproxy.limit.LimitRules;
import dev.llmproxy.limit.Quota;
import dev.llmproxy.limit.TargetLimits;

/** Reads the rules: those with a name, those of single keys, and those of routes. */
final class ConfiguredLimits {

	private static final String RULES = "llm-proxy.limits.rules";

	private static final String KEY = "key";

	private static final String ROUTE = "route";

	private static final Set<String> RESERVED = Set.of(KEY, ROUTE, TargetLimits.QUOTA);

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private ConfiguredLimits() {
	}

	/**
	 * Reads them all.
	 * @throws InvalidPropertyException if one can't be used
	 */
	static LimitRules read(LimitProperties limits, AccessProperties access, RoutingProperties routing) {
		List<LimitRule> rules = new ArrayList<>();
		limits.rules().forEach((name, rule) -> {
			checkName(name);
			rules.add(InvalidPropertyException.checked(RULES + "." + name,
					() -> new LimitRule(
							new Quota(name, rule.requests(), rule.tokens(), rule.concurrency(), rule.window()),
							rule.per(), rule.keys(), rule.teams(), rule.models())));
		});
		for (int i = 0; i < access.keys().size(); i++) {
			AccessProperties.Key key = access.keys().get(i);
			if (key.limits() != null && key.id() != null) {
				Quota quota = quota("llm-proxy.access.keys[" + i + "].limits", KEY, key.limits());
				rules.add(new LimitRule(quota, List.of(Dimension.KEY), List.of(key.id()), List.of(), List.of()));
			}
		}
		routing.routes().forEach((name, route) -> {
			if (route.limits() != null) {
				Quota quota = quota(ConfiguredRoutes.property(name) + ".limits", ROUTE, route.limits());
				rules.add(new LimitRule(quota, List.of(Dimension.MODEL), List.of(), List.of(), List.of(name)));
			}
		});
		return new LimitRules(rules);
	}

	private static Quota quota(String property, String name, LimitAmounts amounts) {
		return InvalidPropertyException.checked(property, () -> new Quota(name, amounts.requestsPerMinute(),
				amounts.tokensPerMinute(), amounts.concurrency(), MINUTE));
	}

	private static void checkName(String name) {
		if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
			throw new InvalidPropertyException(RULES, "'" + name + "' can't be the name of a rule",
					"Use up to 64 lower case letters, digits and . _ -, other than " + RESERVED + ".");
		}
	}

}
