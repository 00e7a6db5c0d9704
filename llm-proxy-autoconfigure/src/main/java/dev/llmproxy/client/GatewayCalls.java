package dev.llmproxy.client;

import java.util.function.BiFunction;
import java.util.function.Function;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ChatResponseAssembler;
import dev.llmproxy.chat.EmbeddingsRequest;
import dev.llmproxy.chat.EmbeddingsResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EmbeddingsCodec;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.RandomIds;
import dev.llmproxy.gateway.BodyConversion;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Calls of the application itself, with a report of what the gateway did for them. Every
 * failure is an {@link LlmException}, one in the middle of a stream too. Thread-safe.
 */
public final class GatewayCalls {

	private final LlmGateway gateway;

	private final Codecs codecs;

	private final BodyConversion conversion;

	private final Caller caller;

	public GatewayCalls(LlmGateway gateway, Codecs codecs) {
		this(gateway, codecs, Caller.APPLICATION);
	}

	private GatewayCalls(LlmGateway gateway, Codecs codecs, Caller caller) {
		this.gateway = gateway;
		this.codecs = codecs;
		this.conversion = new BodyConversion(codecs);
		this.caller = caller;
	}

	/**
	 * The same on behalf of somebody: whose limits and budgets apply, and who is written
	 * down.
	 * @param caller not checked: whoever calls says who it is
	 */
	public GatewayCalls as(Caller caller) {
		return new GatewayCalls(this.gateway, this.codecs, caller);
	}

	/** A whole answer. */
	public <T> Mono<T> chat(ChatRequest request, BiFunction<ChatResponse, CallReport, T> answer) {
		return Mono.defer(() -> {
			LlmRequest call = request(request.mutate().stream(false).build());
			return this.gateway.handle(call)
				.flatMap((response) -> this.conversion.whole(response.body())
					.map((whole) -> answer.apply(whole, CallReport.of(call, response.headers()))));
		});
	}

	/**
	 * A streamed answer.
	 * @param piece makes something of an event, or nothing
	 * @param last makes the end of the whole answer: only now is known what it took
	 */
	public <T> Flux<T> stream(ChatRequest request, Function<ChatEvent, Flux<T>> piece,
			BiFunction<ChatResponse, CallReport, Flux<T>> last) {
		return Flux.defer(() -> {
			LlmRequest call = request(request.mutate().stream(true).includeUsage(true).build());
			return this.gateway.handle(call).flatMapMany((response) -> stream(call, response, piece, last));
		});
	}

	private <T> Flux<T> stream(LlmRequest call, LlmResponse response, Function<ChatEvent, Flux<T>> piece,
			BiFunction<ChatResponse, CallReport, Flux<T>> last) {
		ChatResponseAssembler assembler = new ChatResponseAssembler();
		return this.conversion.events(response.body()).concatMap((event) -> {
			if (event instanceof ChatEvent.Failed failed) {
				return Flux.<T>error(new LlmException(failed.error()));
			}
			assembler.accept(event);
			return piece.apply(event);
		}).concatWith(Flux.defer(() -> last.apply(assembler.assemble(), CallReport.of(call, response.headers()))));
	}

	/** Vectors, one for each input, in the order of the inputs. */
	public <T> Mono<T> embed(EmbeddingsRequest request, BiFunction<EmbeddingsResponse, CallReport, T> answer) {
		return Mono.defer(() -> {
			LlmRequest call = embeddings(request);
			return this.gateway.handle(call)
				.map((response) -> answer.apply(vectors(response, request.inputs().size()),
						CallReport.of(call, response.headers())));
		});
	}

	private LlmRequest request(ChatRequest request) {
		return builder(Operation.CHAT).body(new byte[0], Envelope.none()).build().withChat(request);
	}

	private LlmRequest embeddings(EmbeddingsRequest request) {
		byte[] body = codec(Dialect.OPENAI).encodeRequest(request);
		return builder(Operation.EMBEDDINGS).body(body, EnvelopeScanner.scan(body, JsonLimits.DEFAULT)).build();
	}

	private LlmRequest.Builder builder(Operation operation) {
		return LlmRequest.builder(operation, Dialect.OPENAI).id(RandomIds.next("req_")).caller(this.caller);
	}

	private EmbeddingsResponse vectors(LlmResponse response, int inputs) {
		if (!(response.body() instanceof ResponseBody.Json json)) {
			response.body().discard();
			throw unusable("its answer has no vectors");
		}
		try {
			EmbeddingsResponse vectors = codec(json.dialect()).decodeResponse(json.bytes());
			if (vectors.embeddings().size() == inputs) {
				return vectors;
			}
			throw unusable("it made " + vectors.embeddings().size() + " vectors of " + inputs + " texts");
		}
		catch (DecodingException ex) {
			throw unusable("its answer can't be read");
		}
	}

	private static LlmException unusable(String why) {
		return new LlmException(ErrorKind.UPSTREAM, "The embedding model is of no use: " + why + ".");
	}

	private EmbeddingsCodec codec(Dialect dialect) {
		EmbeddingsCodec codec = this.codecs.embeddings(dialect);
		if (codec == null) {
			throw new IllegalStateException("No embeddings in dialect '" + dialect + "'");
		}
		return codec;
	}

}
