package dev.llmproxy.client.langchain4j;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.llmproxy.client.GatewayCalls;
import dev.llmproxy.gateway.LlmException;
import reactor.core.publisher.Mono;

/**
 * Every model behind the gateway as a {@link ChatModel}, with no HTTP between: routes,
 * fallbacks, cache, limits and the ledger are the gateway's. An answer's metadata is a
 * {@link GatewayChatResponseMetadata}. Thread-safe; {@code chat} waits, and so must not
 * be called on an event loop.
 */
public final class GatewayChatModel implements ChatModel {

	private final GatewayCalls calls;

	private final ChatRequestParameters defaults;

	private final List<ChatModelListener> listeners;

	/**
	 * Creates a model.
	 * @param defaults for what a request leaves open
	 * @param listeners are told of every call
	 */
	public GatewayChatModel(GatewayCalls calls, ChatRequestParameters defaults, List<ChatModelListener> listeners) {
		this.calls = calls;
		this.defaults = defaults;
		this.listeners = List.copyOf(listeners);
	}

	@Override
	public ChatResponse doChat(ChatRequest request) {
		return Objects.requireNonNull(answer(request).block());
	}

	/** Never completes with {@code null}: there is an answer or a failure. */
	@Override
	@SuppressWarnings("NullAway")
	public CompletableFuture<ChatResponse> doChatAsync(ChatRequest request) {
		return answer(request).toFuture();
	}

	private Mono<ChatResponse> answer(ChatRequest request) {
		return Mono.defer(() -> this.calls.chat(RequestConversion.request(request), AnswerConversion::whole))
			.onErrorMap(LlmException.class, Failures::translate);
	}

	@Override
	public ChatRequestParameters defaultRequestParameters() {
		return this.defaults;
	}

	@Override
	public List<ChatModelListener> listeners() {
		return this.listeners;
	}

	@Override
	public Set<Capability> supportedCapabilities() {
		return Set.of(Capability.RESPONSE_FORMAT_JSON_SCHEMA);
	}

}
