package dev.llmproxy.chat;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Texts that a caller wants as vectors, in no dialect. Fields that were not given are
 * {@code null}.
 *
 * @param model the model as the caller, or the route, names it
 * @param inputs the texts, at least one; answered in the same order
 * @param dimensions the wanted length of the vectors; at least 1
 * @param user an identifier of the end user, for the provider's abuse detection
 * @param taskType what the vectors are for, in the words of the source dialect (Gemini
 * {@code RETRIEVAL_QUERY} …)
 * @param base64 whether the caller wants vectors as Base64 instead of numbers (OpenAI
 * {@code encoding_format})
 */
public record EmbeddingsRequest(String model, List<String> inputs, @Nullable Integer dimensions, @Nullable String user,
		@Nullable String taskType, boolean base64) {

	public EmbeddingsRequest {
		inputs = List.copyOf(inputs);
		if (inputs.isEmpty()) {
			throw new IllegalArgumentException("inputs must not be empty");
		}
	}

	public EmbeddingsRequest withModel(String model) {
		return new EmbeddingsRequest(model, this.inputs, this.dimensions, this.user, this.taskType, this.base64);
	}

}
