package dev.llmproxy.gateway;

/**
 * What is asked of a model. The {@link #operationName() name} is the OpenTelemetry
 * {@code gen_ai.operation.name}, where that convention has one.
 */
public enum Operation {

	CHAT("chat"),

	EMBEDDINGS("embeddings"),

	MODERATION("moderation"),

	IMAGE_GENERATION("image_generation"),

	SPEECH("speech"),

	TRANSCRIPTION("transcription"),

	RERANK("rerank"),

	COUNT_TOKENS("count_tokens"),

	/** Raw pass-through to a provider's own path. */
	PASS_THROUGH("pass_through");

	private final String operationName;

	Operation(String operationName) {
		this.operationName = operationName;
	}

	public String operationName() {
		return this.operationName;
	}

}
