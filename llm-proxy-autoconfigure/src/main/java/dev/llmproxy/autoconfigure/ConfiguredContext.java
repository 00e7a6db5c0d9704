package dev.llmproxy.autoconfigure;

import java.util.HashMap;
import java.util.Map;

import dev.llmproxy.context.ContextPolicies;
import dev.llmproxy.context.ContextPolicy;
import dev.llmproxy.context.ContextStrategy;
import dev.llmproxy.context.SummaryPolicy;
import org.jspecify.annotations.Nullable;

/** Reads what is done with long conversations, in general and of routes. */
final class ConfiguredContext {

	private static final String GENERAL = "llm-proxy.context";

	private ConfiguredContext() {
	}

	/**
	 * Reads all of it.
	 * @throws InvalidPropertyException if some of it can't be used
	 */
	static ContextPolicies read(ContextProperties general, RoutingProperties routing) {
		Map<String, ContextPolicy> byRoute = new HashMap<>();
		routing.routes().forEach((name, route) -> {
			if (route.context() != null) {
				byRoute.put(name,
						policy(ConfiguredRoutes.property(name) + ".context", route.context().over(general), routing));
			}
		});
		ContextPolicy others = (does(general) || general.promptCacheMarks()) ? policy(GENERAL, general, routing) : null;
		return new ContextPolicies(byRoute, others);
	}

	private static boolean does(ContextProperties properties) {
		return properties.strategy() != ContextStrategy.NONE;
	}

	private static ContextPolicy policy(String property, ContextProperties properties, RoutingProperties routing) {
		boolean falls = properties.strategy() == ContextStrategy.FALLBACK;
		SummaryPolicy summary = (properties.strategy() == ContextStrategy.SUMMARISE)
				? summary(property + ".summary", properties.summary(), routing) : null;
		String fallback = falls ? model(property + ".fallback-model", properties.fallbackModel(), routing) : null;
		return InvalidPropertyException.checked(property,
				() -> new ContextPolicy(properties.strategy(), properties.maxTokens(), properties.reservedOutput(),
						properties.trigger(), properties.target(), properties.order(), properties.keepFirst(),
						properties.keepLast(), properties.pinnedNames(),
						properties.media() == ContextProperties.Media.DROP_OLD, summary, fallback,
						properties.promptCacheMarks(), properties.flag()));
	}

	private static SummaryPolicy summary(String property, ContextProperties.Summary summary,
			RoutingProperties routing) {
		String model = model(property + ".model", summary.model(), routing);
		return InvalidPropertyException.checked(property,
				() -> new SummaryPolicy(model, (summary.prompt() != null) ? summary.prompt() : SummaryPolicy.PROMPT,
						summary.maxTokens(), summary.chunkTokens(), summary.parallel(), summary.timeout(),
						summary.backgroundAt()));
	}

	private static String model(String property, @Nullable String model, RoutingProperties routing) {
		if (model == null || model.isBlank()) {
			throw new InvalidPropertyException(property, "it is missing",
					"Name a route, an alias, or a model such as openai/gpt-5-nano.");
		}
		if (model.indexOf('/') < 0 && !routing.routes().containsKey(model) && !routing.aliases().containsKey(model)) {
			throw new InvalidPropertyException(property, "there is no route or alias '" + model + "'",
					TargetCatalog.EXAMPLE);
		}
		return model;
	}

}
