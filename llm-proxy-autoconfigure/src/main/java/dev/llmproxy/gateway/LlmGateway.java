package dev.llmproxy.gateway;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.dialect.Dialect;
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

	/**
	 * The same gateway on behalf of somebody: whose limits and budgets apply, who may use
	 * which models, and who is written down. Without it that is
	 * {@link Caller#APPLICATION}.
	 * @param caller not checked: whoever calls says who it is
	 */
	LlmGateway as(Caller caller);

	/**
	 * Asks in a dialect's own JSON, whose fields decide what is asked and whether the
	 * answer is streamed, as they do over HTTP.
	 * @param dialect one whose bodies name the model, as Gemini's don't
	 * @param body not to be modified afterwards
	 * @return the answer in the same dialect: one array, or frames of server-sent events
	 * as they come. A failure before the first is an {@link LlmException}, one after it
	 * is the dialect's error event
	 */
	Flux<byte[]> exchange(Dialect dialect, byte[] body);

}
