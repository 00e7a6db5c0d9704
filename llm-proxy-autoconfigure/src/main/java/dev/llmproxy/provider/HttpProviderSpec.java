package dev.llmproxy.provider;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A provider as data: everything that tells one vendor from another.
 *
 * @param name unique, the prefix in {@code provider/model}
 * @param type what it is, such as {@code openai}: the vendor whose models it has
 * @param vendor the OpenTelemetry {@code gen_ai.provider.name}
 * @param baseUrl where the endpoints live; no query
 * @param endpoints what is offered; the first chat endpoint is what foreign dialects are
 * translated to
 * @param modelsPath where models are listed, if anywhere
 * @param headers sent with every request
 * @param query appended to every request, such as {@code api-version=…}
 * @param authenticator adds the credentials
 * @param quirks deviations from the dialect
 * @param requestStreamUsage whether streams are asked to tell their usage even if the
 * caller did not ask; the caller then does not see it
 * @param propagateTrace whether it is told where in a trace a request is
 * @param timeouts the clocks
 * @param limits bounds on answers
 * @param models the models on offer, where configured
 * @param modelPrefixes starts of model names that are this vendor's
 */
public record HttpProviderSpec(String name, String type, String vendor, URI baseUrl, Map<Key, Endpoint> endpoints,
		@Nullable String modelsPath, Map<String, String> headers, @Nullable String query, Authenticator authenticator,
		Quirks quirks, boolean requestStreamUsage, boolean propagateTrace, Timeouts timeouts, UpstreamLimits limits,
		List<String> models, List<String> modelPrefixes) {

	public HttpProviderSpec {
		if (name.isBlank() || name.contains("/")) {
			throw new IllegalArgumentException("Not a provider name: '" + name + "'");
		}
		String scheme = baseUrl.getScheme();
		if (!("http".equals(scheme) || "https".equals(scheme)) || baseUrl.getHost() == null) {
			throw new IllegalArgumentException(
					"The base URL of provider '" + name + "' must be an absolute http or https address");
		}
		endpoints = Collections.unmodifiableMap(new LinkedHashMap<>(endpoints));
		headers = Map.copyOf(headers);
		models = List.copyOf(models);
		modelPrefixes = List.copyOf(modelPrefixes);
	}

	/** What an endpoint is for. */
	public record Key(Operation operation, Dialect dialect) {
	}

}
