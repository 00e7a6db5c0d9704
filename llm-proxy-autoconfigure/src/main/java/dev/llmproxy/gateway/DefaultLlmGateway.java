package dev.llmproxy.gateway;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.MalformedJsonException;
import dev.llmproxy.dialect.RandomIds;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

/** The filters folded around the handler that routes; folded once. */
public final class DefaultLlmGateway implements LlmGateway {

	private final LlmHandler chain;

	private final Codecs codecs;

	private final BodyConversion conversion;

	private final DialectRendering rendering;

	private final Caller caller;

	public DefaultLlmGateway(List<LlmFilter> filters, LlmHandler terminal, Codecs codecs) {
		this(fold(filters, terminal), codecs, Caller.APPLICATION);
	}

	private DefaultLlmGateway(LlmHandler chain, Codecs codecs, Caller caller) {
		this.chain = chain;
		this.codecs = codecs;
		this.conversion = new BodyConversion(codecs);
		this.rendering = new DialectRendering(codecs);
		this.caller = caller;
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

	@Override
	public LlmGateway as(Caller caller) {
		return new DefaultLlmGateway(this.chain, this.codecs, caller);
	}

	@Override
	public Flux<byte[]> exchange(Dialect dialect, byte[] body) {
		return Flux.defer(() -> {
			LlmRequest request = inProcess(dialect, body);
			return handle(request).flatMapMany((response) -> request.stream()
					? this.rendering.stream(request, response.body(), DefaultDataBufferFactory.sharedInstance)
						.map(DefaultLlmGateway::bytes)
					: this.rendering.whole(request, response.body()));
		});
	}

	private static byte[] bytes(DataBuffer buffer) {
		try {
			byte[] bytes = new byte[buffer.readableByteCount()];
			buffer.read(bytes);
			return bytes;
		}
		finally {
			DataBufferUtils.release(buffer);
		}
	}

	private LlmRequest inProcess(Dialect dialect, byte[] body) {
		try {
			Envelope envelope = EnvelopeScanner.scan(body, JsonLimits.DEFAULT);
			if (envelope.model() == null) {
				throw new LlmException(new LlmError(ErrorKind.INVALID_REQUEST, "The body names no model.",
						"missing_required_parameter", "model"));
			}
			return builder(dialect).body(body, envelope).codec(this.codecs.inbound(dialect)).build();
		}
		catch (MalformedJsonException ex) {
			throw new LlmException(
					new LlmError(ErrorKind.INVALID_REQUEST, String.valueOf(ex.getMessage()), ex.code(), ex.param()));
		}
	}

	private LlmRequest inProcess(ChatRequest request) {
		return builder(Dialect.OPENAI).body(new byte[0], Envelope.none()).build().withChat(request);
	}

	private LlmRequest.Builder builder(Dialect dialect) {
		return LlmRequest.builder(Operation.CHAT, dialect).id(RandomIds.next("req_")).caller(this.caller);
	}

}
