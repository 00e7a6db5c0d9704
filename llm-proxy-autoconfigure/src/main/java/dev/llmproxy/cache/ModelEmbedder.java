package dev.llmproxy.cache;

import java.util.List;

import dev.llmproxy.chat.EmbeddingsRequest;
import dev.llmproxy.chat.EmbeddingsResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EmbeddingsCodec;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.RandomIds;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import reactor.core.publisher.Mono;

/**
 * Has an embedding model make vectors, like any other model behind the gateway. The
 * application asks, and no caller's limits matter. Thread-safe.
 */
public final class ModelEmbedder implements Embedder {

	private final String model;

	private final LlmHandler handler;

	private final Codecs codecs;

	/**
	 * Creates one.
	 * @param model as callers would name it
	 * @param handler what is behind the filters
	 * @throws IllegalArgumentException if OpenAI's embeddings are not spoken here
	 */
	public ModelEmbedder(String model, LlmHandler handler, Codecs codecs) {
		this.model = model;
		this.handler = handler;
		this.codecs = codecs;
		codec(Dialect.OPENAI);
	}

	private EmbeddingsCodec codec(Dialect dialect) {
		EmbeddingsCodec codec = this.codecs.embeddings(dialect);
		if (codec == null) {
			throw new IllegalArgumentException("No embeddings in dialect '" + dialect + "'");
		}
		return codec;
	}

	@Override
	public Mono<float[]> embed(String text) {
		return Mono.defer(() -> this.handler.handle(request(text))).map(this::vector);
	}

	@Override
	public String name() {
		return this.model;
	}

	private LlmRequest request(String text) {
		byte[] body = codec(Dialect.OPENAI)
			.encodeRequest(new EmbeddingsRequest(this.model, List.of(text), null, null, null, false));
		return LlmRequest.builder(Operation.EMBEDDINGS, Dialect.OPENAI)
			.id(RandomIds.next("req_"))
			.caller(Caller.APPLICATION)
			.body(body, EnvelopeScanner.scan(body, JsonLimits.DEFAULT))
			.build();
	}

	private float[] vector(LlmResponse response) {
		if (response.body() instanceof ResponseBody.Json json) {
			EmbeddingsResponse vectors = codec(json.dialect()).decodeResponse(json.bytes());
			if (!vectors.embeddings().isEmpty()) {
				return vectors.embeddings().get(0);
			}
		}
		response.body().discard();
		throw new LlmException(ErrorKind.UPSTREAM, "The embedding model gave no vector.");
	}

}
