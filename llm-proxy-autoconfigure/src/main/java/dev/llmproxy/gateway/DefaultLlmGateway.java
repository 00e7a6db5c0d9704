package dev.llmproxy.gateway;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.RandomIds;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The filters folded around the handler that routes; folded once. */
public final class DefaultLlmGateway implements LlmGateway {

	private final LlmHandler chain;

	private final BodyConversion conversion;

	public DefaultLlmGateway(List<LlmFilter> filters, LlmHandler terminal, Codecs codecs) {
		this.chain = fold(filters, terminal);
		this.conversion = new BodyConversion(codecs);
	}

	private static LlmHandler fold(List<LlmFilter> filters, LlmHandler terminal) {
		List<LlmFilter> innermostFirst = new ArrayList<>(filters);
		innermostFirst.sort(Comparator.comparingInt(LlmFilter::getOrder).reversed());
		LlmHandler handler = terminal;
		for (LlmFilter filter : innermostFirst) {
			LlmHandler next = handler;
			handler = (request) -> filter.filter(request, next);
		}
		return handler;
	}

	@Override
	public Mono<LlmResponse> handle(LlmRequest request) {
		return this.chain.handle(request);
	}

	@Override
	public Mono<ChatResponse> chat(ChatRequest request) {
		return handle(inProcess(request.mutate().stream(false).build()))
			.flatMap((response) -> this.conversion.whole(response.body()));
	}

	@Override
	public Flux<ChatEvent> stream(ChatRequest request) {
		return handle(inProcess(request.mutate().stream(true).includeUsage(true).build()))
			.flatMapMany((response) -> this.conversion.events(response.body()));
	}

	private static LlmRequest inProcess(ChatRequest request) {
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.id(RandomIds.next("req_"))
			.caller(Caller.APPLICATION)
			.body(new byte[0], Envelope.none())
			.build()
			.withChat(request);
	}

}
