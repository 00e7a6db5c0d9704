package dev.llmproxy.routing;

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
 * Finds targets by the model's name: an alias, then {@code provider/model}, then a bare
 * name that a provider is known for, then the default provider. Thread-safe.
 */
public final class ModelRouter implements Router {

	private static final int LONGEST_NAME = 256;

	private final Providers providers;

	private final Map<String, Route> aliases;

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
		this.providers = providers;
		this.retry = retry;
		this.aliases = aliases.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (alias) -> Route.of(alias.getKey(),
					alias.getValue().stream().map((name) -> resolve(alias.getKey(), name)).toList(), this.retry)));
		this.defaultProvider = (defaultProvider != null) ? required(defaultProvider) : null;
	}

	private Provider required(String name) {
		Provider provider = this.providers.find(name);
		if (provider == null) {
			throw new IllegalArgumentException(
					"There is no provider '" + name + "'; configured are " + this.providers.names());
		}
		return provider;
	}

	private Target resolve(String alias, String name) {
		int slash = name.indexOf('/');
		if (slash <= 0 || slash == name.length() - 1) {
			throw new IllegalArgumentException(
					"Alias '" + alias + "' must stand for provider/model, but stands for '" + name + "'");
		}
		return Target.of(required(name.substring(0, slash)), name.substring(slash + 1));
	}

	@Override
	public Route route(LlmRequest request) {
		String model = request.model();
		check(model);
		Route alias = this.aliases.get(model);
		if (alias != null) {
			return alias;
		}
		int slash = model.indexOf('/');
		if (slash > 0 && (slash < model.length() - 1 || request.operation() == Operation.PASS_THROUGH)) {
			Provider provider = this.providers.find(model.substring(0, slash));
			if (provider != null) {
				return route(model, Target.of(provider, model.substring(slash + 1)));
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
		return route(model, Target.of(provider, model));
	}

	private Route route(String model, Target target) {
		return Route.of(model, List.of(target), this.retry);
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

	/** The public names that stand for others. */
	public List<String> aliases() {
		return this.aliases.keySet().stream().sorted().toList();
	}

}
