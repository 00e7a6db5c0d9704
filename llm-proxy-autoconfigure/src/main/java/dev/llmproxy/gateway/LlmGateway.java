package dev.llmproxy.gateway;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The gateway, to be injected: routing, resilience and all filters in-process, with no
 * HTTP hop. Thread-safe.
 *
 * <pre class="code">
 * Mono&lt;String&gt; answer = gateway.chat(ChatRequest.builder("openai/gpt-4o-mini")
 *     .message(Message.text(Role.USER, "Hello"))
 *     .build()).map(ChatResponse::text);
 * </pre>
 */
public interface LlmGateway extends LlmHandler {

	/**
	 * Asks for a whole answer.
	 * @return the answer, or an {@link LlmException}
	 */
	Mono<ChatResponse> chat(ChatRequest request);

	/**
	 * Asks for a streamed answer.
	 * @return the events; a failure before the first is an {@link LlmException}, one
	 * after it is {@link ChatEvent.Failed} as the last event
	 */
	Flux<ChatEvent> stream(ChatRequest request);

}
