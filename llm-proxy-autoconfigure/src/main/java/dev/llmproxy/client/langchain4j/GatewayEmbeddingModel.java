package dev.llmproxy.client.langchain4j;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.DimensionAwareEmbeddingModel;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;
import dev.llmproxy.chat.EmbeddingsRequest;
import dev.llmproxy.chat.EmbeddingsResponse;
import dev.llmproxy.client.CallReport;
import dev.llmproxy.client.GatewayCalls;
import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Every embedding model behind the gateway as an
 * {@link dev.langchain4j.model.embedding.EmbeddingModel}, with no HTTP between.
 * Thread-safe; {@code embed} waits, and so must not be called on an event loop.
 */
public final class GatewayEmbeddingModel extends DimensionAwareEmbeddingModel {

	private final GatewayCalls calls;

	private final EmbeddingRequestParameters defaults;

	/**
	 * Creates a model.
	 * @param defaults for what a request leaves open
	 */
	public GatewayEmbeddingModel(GatewayCalls calls, EmbeddingRequestParameters defaults) {
		this.calls = calls;
		this.defaults = defaults;
	}

	@Override
	public EmbeddingResponse doEmbed(EmbeddingRequest request) {
		return Objects.requireNonNull(answer(request).block());
	}

	/** Never completes with {@code null}: there is an answer or a failure. */
	@Override
	@SuppressWarnings("NullAway")
	public CompletableFuture<EmbeddingResponse> doEmbedAsync(EmbeddingRequest request) {
		return answer(request).toFuture();
	}

	private Mono<EmbeddingResponse> answer(EmbeddingRequest request) {
		return Mono.defer(() -> this.calls.embed(request(request), GatewayEmbeddingModel::response))
			.onErrorMap(LlmException.class, Failures::translate);
	}

	private static EmbeddingsRequest request(EmbeddingRequest request) {
		return new EmbeddingsRequest(RequestConversion.model(request.modelName()),
				request.inputs().stream().map(EmbeddingInput::text).toList(), request.dimensions(), null, null, false);
	}

	private static EmbeddingResponse response(EmbeddingsResponse response, CallReport report) {
		EmbeddingResponseMetadata.Builder<?> metadata = EmbeddingResponseMetadata.builder().modelName(response.model());
		TokenUsage usage = AnswerConversion.usage(response.usage());
		if (usage != null) {
			metadata.tokenUsage(usage);
		}
		return EmbeddingResponse.builder()
			.embeddings(response.embeddings().stream().map(Embedding::from).toList())
			.metadata(metadata.build())
			.build();
	}

	@Override
	public EmbeddingRequestParameters defaultRequestParameters() {
		return this.defaults;
	}

	@Override
	public Set<EmbeddingParameter<?>> supportedParameters() {
		return Set.of(EmbeddingRequestParameters.MODEL_NAME, EmbeddingRequestParameters.DIMENSIONS);
	}

	@Override
	public String modelName() {
		String name = this.defaults.modelName();
		return (name != null) ? name : super.modelName();
	}

	@Override
	protected @Nullable Integer knownDimension() {
		return this.defaults.dimensions();
	}

}
