package dev.llmproxy.client.springai;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.chat.EmbeddingsRequest;
import dev.llmproxy.chat.EmbeddingsResponse;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.client.CallReport;
import dev.llmproxy.client.GatewayCalls;
import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.ai.document.Document;
import org.springframework.ai.document.MetadataMode;
import org.springframework.ai.embedding.AbstractEmbeddingModel;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingOptions;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;
import org.springframework.ai.embedding.EmbeddingResponseMetadata;

/**
 * Every embedding model behind the gateway as an
 * {@link org.springframework.ai.embedding.EmbeddingModel}, with no HTTP between. Of a
 * document, the metadata is embedded too. Thread-safe; waits, and so must not be called
 * on an event loop.
 */
public final class GatewayEmbeddingModel extends AbstractEmbeddingModel {

	private final GatewayCalls calls;

	private final EmbeddingOptions options;

	private final FailureTranslator failures;

	/**
	 * Creates a model.
	 * @param options for what a request leaves open
	 * @param failures says what is thrown
	 */
	public GatewayEmbeddingModel(GatewayCalls calls, EmbeddingOptions options, FailureTranslator failures) {
		this.calls = calls;
		this.options = options;
		this.failures = failures;
	}

	@Override
	public EmbeddingResponse call(EmbeddingRequest request) {
		if (request.getInstructions().isEmpty()) {
			return new EmbeddingResponse(List.of());
		}
		return Objects
			.requireNonNull(Mono.defer(() -> this.calls.embed(request(request), GatewayEmbeddingModel::response))
				.onErrorMap(LlmException.class, this.failures::translate)
				.block());
	}

	private EmbeddingsRequest request(EmbeddingRequest request) {
		EmbeddingOptions asked = request.getOptions();
		String model = (asked != null) ? asked.getModel() : null;
		Integer dimensions = (asked != null) ? asked.getDimensions() : null;
		return new EmbeddingsRequest(model((model != null) ? model : this.options.getModel()),
				request.getInstructions(), (dimensions != null) ? dimensions : this.options.getDimensions(), null, null,
				false);
	}

	private static String model(@Nullable String model) {
		if (model == null || model.isBlank()) {
			throw new LlmException(LlmError.invalid(
					"No model is named. Set llm-proxy.spring-ai.embedding.model, or the option 'model'.", "model"));
		}
		return model;
	}

	private static EmbeddingResponse response(EmbeddingsResponse response, CallReport report) {
		List<Embedding> embeddings = new ArrayList<>();
		for (float[] vector : response.embeddings()) {
			embeddings.add(new Embedding(vector, embeddings.size()));
		}
		return new EmbeddingResponse(embeddings, new EmbeddingResponseMetadata(response.model(),
				AnswerConversion.usage(response.usage()), Map.of(CallReport.KEY, report)));
	}

	@Override
	public String getEmbeddingContent(Document document) {
		return document.getFormattedContent(MetadataMode.EMBED);
	}

	@Override
	public float[] embed(Document document) {
		return embed(getEmbeddingContent(document));
	}

}
