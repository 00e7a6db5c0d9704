package dev.llmproxy.routing;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.ResponseFormat;
import dev.llmproxy.gateway.CredentialHeaders;
import dev.llmproxy.gateway.LlmRequest;
import org.jspecify.annotations.Nullable;

/**
 * Something of a request that it can be routed by: {@code metadata.<name>},
 * {@code headers.<name>}, {@code params.<name>}, {@code estimated-tokens},
 * {@code caller}, {@code operation}.
 */
@FunctionalInterface
interface RequestField {

	/**
	 * Its value: a string, a number or a boolean; {@code null} where the request has
	 * none.
	 */
	@Nullable Object of(RoutingContext context);

	/** Those that are read without decoding the body. */
	Map<String, Function<LlmRequest, @Nullable Object>> OF_ENVELOPE = Map.of("model", LlmRequest::model, "stream",
			LlmRequest::stream, "n", (request) -> request.envelope().n());

	Map<String, Function<ChatRequest, @Nullable Object>> OF_CHAT = Map.ofEntries(
			Map.entry("max_tokens", ChatRequest::maxTokens), Map.entry("temperature", ChatRequest::temperature),
			Map.entry("top_p", ChatRequest::topP), Map.entry("top_k", ChatRequest::topK),
			Map.entry("frequency_penalty", ChatRequest::frequencyPenalty),
			Map.entry("presence_penalty", ChatRequest::presencePenalty), Map.entry("seed", ChatRequest::seed),
			Map.entry("user", ChatRequest::user), Map.entry("service_tier", ChatRequest::serviceTier),
			Map.entry("tools", (chat) -> chat.tools().size()), Map.entry("messages", (chat) -> chat.messages().size()),
			Map.entry("reasoning_effort", (chat) -> effort(chat.reasoning())),
			Map.entry("response_format", (chat) -> format(chat.responseFormat())));

	/**
	 * Finds a field.
	 * @throws IllegalArgumentException if there is none of this name
	 */
	static RequestField named(String path) {
		int dot = path.indexOf('.');
		String root = ((dot < 0) ? path : path.substring(0, dot)).toLowerCase(Locale.ROOT);
		String name = (dot < 0) ? "" : path.substring(dot + 1);
		if (root.equals("estimated-tokens") && name.isEmpty()) {
			return RoutingContext::estimatedTokens;
		}
		if (root.equals("caller") && name.isEmpty()) {
			return (context) -> context.request().caller().id();
		}
		if (root.equals("operation") && name.isEmpty()) {
			return (context) -> context.request().operation().operationName();
		}
		if (!name.isEmpty()) {
			switch (root) {
				case "metadata" -> {
					return (context) -> context.metadata(name);
				}
				case "headers" -> {
					return header(name);
				}
				case "params" -> {
					return param(name);
				}
				default -> {
				}
			}
		}
		throw new IllegalArgumentException("'" + path + "' is no field of a request. There are metadata.<name>, "
				+ "headers.<name>, params.<name>, estimated-tokens, caller and operation.");
	}

	private static RequestField header(String name) {
		if (CredentialHeaders.mayBe(name)) {
			throw new IllegalArgumentException(
					"'headers." + name + "' may hold a credential, and nothing is decided by those.");
		}
		return (context) -> context.request().hint(name);
	}

	private static RequestField param(String name) {
		String key = name.replace('-', '_').toLowerCase(Locale.ROOT);
		Function<LlmRequest, @Nullable Object> ofEnvelope = OF_ENVELOPE.get(key);
		if (ofEnvelope != null) {
			return (context) -> ofEnvelope.apply(context.request());
		}
		Function<ChatRequest, @Nullable Object> ofChat = OF_CHAT.get(key);
		if (ofChat == null) {
			Map<String, Object> all = new TreeMap<>(OF_CHAT);
			all.putAll(OF_ENVELOPE);
			throw new IllegalArgumentException("'params." + name + "' is no parameter that requests are routed by. "
					+ "There are " + String.join(", ", all.keySet()) + ".");
		}
		return (context) -> {
			ChatRequest chat = context.chat();
			return (chat != null) ? ofChat.apply(chat) : null;
		};
	}

	private static @Nullable Object effort(@Nullable ReasoningConfig reasoning) {
		return (reasoning != null) ? reasoning.effort() : null;
	}

	private static @Nullable Object format(@Nullable ResponseFormat format) {
		if (format == null) {
			return null;
		}
		return (format instanceof ResponseFormat.JsonSchema) ? "json_schema"
				: (format instanceof ResponseFormat.JsonObject) ? "json_object" : "text";
	}

}
