package dev.llmproxy.client.langchain4j;

import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow.Publisher;

import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatModelStreamingEvent;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.llmproxy.client.GatewayCalls;
import dev.llmproxy.gateway.LlmException;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/**
 * Every model behind the gateway as a {@link StreamingChatModel}, with no HTTP between.
 * Handlers are called on threads that may wait, because they run tools. Thread-safe.
 */
public final class GatewayStreamingChatModel implements StreamingChatModel {

	private final GatewayCalls calls;

	private final ChatRequestParameters defaults;

	private final List<ChatModelListener> listeners;

	/**
	 * Creates a model.
	 * @param defaults for what a request leaves open
	 * @param listeners are told of every call
	 */
	public GatewayStreamingChatModel(GatewayCalls calls, ChatRequestParameters defaults,
			List<ChatModelListener> listeners) {
		this.calls = calls;
		this.defaults = defaults;
		this.listeners = List.copyOf(listeners);
	}

	@Override
	public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
		events(request).publishOn(Schedulers.boundedElastic()).subscribe(new HandlerSubscriber(handler));
	}

	@Override
	public Publisher<ChatModelStreamingEvent> doChat(ChatRequest request) {
		return JdkFlowAdapter.publisherToFlowPublisher(events(request));
	}

	private Flux<ChatModelStreamingEvent> events(ChatRequest request) {
		return Flux.defer(() -> {
			StreamPieces pieces = new StreamPieces();
			return this.calls.stream(RequestConversion.request(request), pieces::piece, pieces::last);
		}).onErrorMap(LlmException.class, Failures::translate);
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
