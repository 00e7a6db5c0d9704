package dev.llmproxy.chat;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Vectors of texts. The arrays are handed out uncopied and must not be changed; two
 * answers are equal only if they hold the very same arrays.
 *
 * @param model the model that answered, in the provider's words
 * @param embeddings one vector for each input, in the order of the inputs
 * @param usage {@code null} where the provider did not say; without output tokens
 */
public record EmbeddingsResponse(String model, List<float[]> embeddings, @Nullable Usage usage) {

	public EmbeddingsResponse {
		embeddings = List.copyOf(embeddings);
	}

}
