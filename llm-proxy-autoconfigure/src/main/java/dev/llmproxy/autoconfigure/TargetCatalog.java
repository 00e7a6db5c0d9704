package dev.llmproxy.autoconfigure;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.ModelPrices;
import dev.llmproxy.provider.NanoUsd;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.catalog.ModelCatalogue;
import dev.llmproxy.provider.catalog.ModelFacts;
import org.jspecify.annotations.Nullable;

/**
 * What is said of each target, wherever in the routes that is. A target has limits,
 * prices and the like only once; weight and priority belong to a place.
 */
final class TargetCatalog {

	static final String EXAMPLE = "A target is written provider/model, such as openai/gpt-4o-mini.";

	private final Providers providers;

	private final ModelCatalogue catalogue;

	private final Map<String, Facts> byId = new HashMap<>();

	/**
	 * Reads all routes.
	 * @param catalogue tells what no route does
	 * @throws InvalidPropertyException if a target can't be, or two places say different
	 * things of one
	 */
	TargetCatalog(Providers providers, Map<String, RouteProperties> routes, ModelCatalogue catalogue) {
		this.catalogue = catalogue;
		this.providers = providers;
		routes.forEach((name, route) -> collect(ConfiguredRoutes.property(name) + ".targets", route.targets()));
	}

	private void collect(String property, List<RouteProperties.Target> targets) {
		for (int i = 0; i < targets.size(); i++) {
			String place = property + "[" + i + "]";
			RouteProperties.Target target = targets.get(i);
			if (target.model() != null) {
				Facts facts = facts(place, target, target.model());
				this.byId.merge(id(target, target.model()), facts, Facts::with);
			}
			collect(place + ".targets", target.targets());
		}
	}

	static String id(RouteProperties.Target target, String model) {
		return (target.id() != null) ? target.id() : model;
	}

	private Facts facts(String property, RouteProperties.Target target, String model) {
		if (target.id() != null
				&& (target.id().isBlank() || (target.id().contains("/") && !target.id().equals(model)))) {
			throw new InvalidPropertyException(property + ".id", "'" + target.id() + "' is no id",
					"Use a name of your own without a slash, or leave it out.");
		}
		return new Facts(property, provider(property + ".model", model), model.substring(model.indexOf('/') + 1),
				target.tags(), target.region(), limits(property, target.limits()), prices(property, target.prices()),
				capabilities(property, target.capabilities()));
	}

	private Provider provider(String property, String model) {
		int slash = model.indexOf('/');
		if (slash <= 0 || slash == model.length() - 1) {
			throw new InvalidPropertyException(property, "'" + model + "' is no target", EXAMPLE);
		}
		Provider provider = this.providers.find(model.substring(0, slash));
		if (provider == null) {
			throw RoutingChecks.unknown(property, model.substring(0, slash), this.providers);
		}
		return provider;
	}

	private static Deployment.@Nullable Limits limits(String property, RouteProperties.@Nullable Limits limits) {
		if (limits == null) {
			return null;
		}
		if (limits.requestsPerMinute() < 0 || limits.tokensPerMinute() < 0 || limits.concurrency() < 0) {
			throw new InvalidPropertyException(property + ".limits", "a limit must not be negative",
					"Leave out what is not limited.");
		}
		return new Deployment.Limits(limits.requestsPerMinute(), limits.tokensPerMinute(), limits.concurrency());
	}

	private static @Nullable ModelPrices prices(String target, RouteProperties.@Nullable Prices prices) {
		if (prices == null) {
			return null;
		}
		String property = target + ".prices.";
		return new ModelPrices(nanos(property + "input", prices.input()), nanos(property + "output", prices.output()),
				nanos(property + "cached-input", prices.cachedInput()),
				nanos(property + "cache-write", prices.cacheWrite()),
				nanos(property + "cache-write-hour", prices.cacheWriteHour()),
				nanos(property + "reasoning", prices.reasoning()), nanos(property + "audio-input", prices.audioInput()),
				nanos(property + "audio-output", prices.audioOutput()),
				nanos(property + "batch-input", prices.batchInput()),
				nanos(property + "batch-output", prices.batchOutput()), List.of());
	}

	private static @Nullable Long nanos(String property, @Nullable BigDecimal dollars) {
		if (dollars == null) {
			return null;
		}
		try {
			return NanoUsd.of(dollars);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException(property, dollars + " is no price",
					"Use US dollars per million tokens, such as 2.50, with at most 9 decimals.");
		}
	}

	private static Deployment.@Nullable Capabilities capabilities(String property,
			RouteProperties.@Nullable Capabilities can) {
		if (can == null) {
			return null;
		}
		if (can.contextWindow() < 0 || can.maxOutput() < 0) {
			throw new InvalidPropertyException(property + ".capabilities", "a number of tokens must not be negative",
					"Leave out what is not known.");
		}
		return new Deployment.Capabilities(can.contextWindow(), can.maxOutput(), can.tools(), can.vision(),
				can.structuredOutput(), can.documents(), can.audio());
	}

	/** The target of a place. */
	Target target(String property, RouteProperties.Target target, String model) {
		if (target.weight() <= 0) {
			throw new InvalidPropertyException(property + ".weight", "it must be positive",
					"Leave the target out if it is to get nothing.");
		}
		String id = id(target, model);
		return Objects.requireNonNull(this.byId.get(id)).target(id, target.weight(), target.priority(), this.catalogue);
	}

	/** Whether some route says something of it. */
	boolean knows(String id) {
		return this.byId.containsKey(id);
	}

	/**
	 * A target by its id, or as {@code provider/model}.
	 * @throws InvalidPropertyException if there is none
	 */
	Target named(String property, String name) {
		Facts facts = this.byId.get(name);
		return (facts != null) ? facts.target(name, 1, 0, this.catalogue)
				: plain(provider(property, name), name.substring(name.indexOf('/') + 1));
	}

	private Target plain(Provider provider, String model) {
		return new Facts("", provider, model, null, null, null, null, null).target(provider.name() + "/" + model, 1, 0,
				this.catalogue);
	}

	/**
	 * What is said of a target.
	 *
	 * @param property where
	 */
	private record Facts(String property, Provider provider, String model, @Nullable Set<String> tags,
			@Nullable String region, Deployment.@Nullable Limits limits, @Nullable ModelPrices prices,
			Deployment.@Nullable Capabilities capabilities) {

		Facts with(Facts other) {
			if (!this.provider.equals(other.provider) || !this.model.equals(other.model)) {
				throw new InvalidPropertyException(other.property + ".id",
						"it is also the id of another model, in " + this.property,
						"Give each its own: who shares an id shares limits and breakers.");
			}
			return new Facts(this.property, this.provider, this.model, either("tags", this.tags, other.tags, other),
					either("region", this.region, other.region, other),
					either("limits", this.limits, other.limits, other),
					either("prices", this.prices, other.prices, other),
					either("capabilities", this.capabilities, other.capabilities, other));
		}

		private <T> @Nullable T either(String name, @Nullable T mine, @Nullable T others, Facts other) {
			if (mine != null && others != null && !mine.equals(others)) {
				throw new InvalidPropertyException(other.property + "." + name,
						"they are not those of the same target in " + this.property,
						"Say it once, or give one of them an 'id' of its own.");
			}
			return (mine != null) ? mine : others;
		}

		Target target(String id, int weight, int priority, ModelCatalogue catalogue) {
			ModelFacts known = (this.prices == null || this.capabilities == null)
					? catalogue.find(this.provider, this.model) : null;
			return new Target(id, this.provider, this.model,
					new Deployment(weight, priority, (this.tags != null) ? this.tags : Set.of(), this.region,
							(this.capabilities != null) ? this.capabilities : Deployment.Capabilities.UNKNOWN,
							(this.limits != null) ? this.limits : Deployment.Limits.NONE,
							(this.prices != null || known == null) ? this.prices : known.deploymentPrices(),
							(this.capabilities != null || known == null) ? Deployment.Capabilities.UNKNOWN
									: known.capabilities()));
		}

	}

}
