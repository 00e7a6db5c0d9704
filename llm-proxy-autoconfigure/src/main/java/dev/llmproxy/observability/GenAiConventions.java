package dev.llmproxy.observability;

/** Which of OpenTelemetry's names for generative AI the meters of attempts have. */
public enum GenAiConventions {

	/** {@code gen_ai.client.operation.*}, which today's backends know. */
	V1_41,

	/** {@code gen_ai.client.inference.*}, which may still change. */
	DRAFT

}
