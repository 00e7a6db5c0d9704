package dev.llmproxy.routing;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.Target;
import org.jspecify.annotations.Nullable;

/**
 * Finds targets by the model's name: a route, or an alias, then {@code provider/model},
 * then a bare name that a provider is known for, then the default provider. Thread-safe.
 */
public final class ModelRouter implements Router {

	private static final int LONGEST_NAME = 256;

	private final Providers providers;

	private final Map<String, Route> routes;

	/** Targets of which something is said, by their ids. */
	private final Map<String, Target> known;

	private final @Nullable Provider defaultProvider;

	private final RetryPolicy retry;

	/**
	 * Creates a router.
	 * @param aliases public names and what they stand for
	 * @param defaultProvider serves names that nobody else claims
	 * @param retry when targets are tried again
	 * @throws IllegalArgumentException if an alias names a provider that does not exist
	 */
	public ModelRouter(Providers providers, Map<String, List<String>> aliases, @Nullable String defaultProvider,
			RetryPolicy retry) {
		this(providers, aliases.entrySet()
			.stream()
			.map((alias) -> Route.of(alias.getKey(),
					alias.getValue().stream().map((name) -> resolve(providers, alias.getKey(), name)).toList(), retry))
			.toList(), defaultProvider, retry);
	}

	/**
	 * Creates a router.
	 * @param routes by their names, which are public; what they say of a target holds
	 * also for who names it directly
	 * @param defaultProvider serves names that nobody else claims
	 * @param retry when targets are tried again that no route is for
	 * @throws IllegalStateException if two routes have one name
	 */
	public ModelRouter(Providers providers, Collection<Route> routes, @Nullable String defaultProvider,
			RetryPolicy retry) {
		this.providers = providers;
		this.retry = retry;
		this.routes = routes.stream().collect(Collectors.toUnmodifiableMap(Route::name, (route) -> route));
		this.known = routes.stream()
			.flatMap((route) -> route.targets().stream())
			.filter((target) -> target.id().equals(target.provider().name() + "/" + target.model()))
			.collect(Collectors.toUnmodifiableMap(Target::id, (target) -> target, (one, other) -> one));
		this.defaultProvider = (defaultProvider != null) ? required(providers, defaultProvider) : null;
	}

	private static Provider required(Providers providers, String name) {
		Provider provider = providers.find(name);
		if (provider == null) {
			throw new IllegalArgumentException(
					"There is no provider '" + name + "'; configured are " + providers.names());
		}
		return provider;
	}

	private static Target resolve(Providers providers, String alias, String name) {
		int slash = name.indexOf('/');
		if (slash <= 0 || slash == name.length() - 1) {
			throw new IllegalArgumentException(
					"Alias '" + alias + "' must stand for provider/model, but stands for '" + name + "'");
		}
		return Target.of(required(providers, name.substring(0, slash)), name.substring(slash + 1));
	}

	@Override
	public Route route(LlmRequest request) {
		String model = request.model();
		check(model);
		Route named = this.routes.get(model);
		if (named != null) {
			return named;
		}
		int slash = model.indexOf('/');
		if (slash > 0 && (slash < model.length() - 1 || request.operation() == Operation.PASS_THROUGH)) {
			Provider provider = this.providers.find(model.substring(0, slash));
			if (provider != null) {
				return route(model, provider, model.substring(slash + 1));
			}
		}
		if (request.operation() == Operation.PASS_THROUGH) {
			throw unknownProvider(model.substring(0, Math.max(slash, 0)));
		}
		Provider provider = this.providers.findByModel(model);
		if (provider == null) {
			provider = this.defaultProvider;
		}
		if (provider == null) {
			throw unknown(model);
		}
		return route(model, provider, model);
	}

	private Route route(String name, Provider provider, String model) {
		return Route.of(name, new RouteNode.Leaf(target(provider, model)), this.retry);
	}

	/** A model of a provider, with what is said of it anywhere. */
	private Target target(Provider provider, String model) {
		Target plain = Target.of(provider, model);
		Target target = this.known.get(plain.id());
		return (target != null) ? target : plain;
	}

	private static void check(String model) {
		if (model.isBlank()) {
			throw new LlmException(new LlmError(ErrorKind.INVALID_REQUEST,
					"The request names no model. Set 'model', for example to 'provider/model'.", "missing_model",
					"model"));
		}
		if (model.length() > LONGEST_NAME || model.chars().anyMatch((c) -> c < 0x20 || c == 0x7f)) {
			throw new LlmException(new LlmError(ErrorKind.INVALID_REQUEST,
					"The model's name is longer than " + LONGEST_NAME + " characters or has control characters in it.",
					"invalid_model", "model"));
		}
	}

	private LlmException unknownProvider(String name) {
		return new LlmException(new LlmError(ErrorKind.NOT_FOUND,
				"There is no provider '" + name + "' here; there are " + this.providers.names() + ".",
				"provider_not_found", null));
	}

	private LlmException unknown(String model) {
		return new LlmException(new LlmError(ErrorKind.NOT_FOUND, "There is no model '" + model
				+ "' here. Use an alias, or provider/model with one of the providers " + this.providers.names() + ".",
				"model_not_found", "model"));
	}

	/**
	 * A target by its id, or any model of a provider by {@code provider/model}.
	 * @return {@code null} if there is no such provider
	 */
	@Nullable Target find(String id) {
		Target target = this.known.get(id);
		if (target != null) {
			return target;
		}
		int slash = id.indexOf('/');
		Provider provider = (slash > 0 && slash < id.length() - 1) ? this.providers.find(id.substring(0, slash)) : null;
		return (provider != null) ? Target.of(provider, id.substring(slash + 1)) : null;
	}

	@Override
	public Collection<Route> routes() {
		return this.routes.values();
	}

}
