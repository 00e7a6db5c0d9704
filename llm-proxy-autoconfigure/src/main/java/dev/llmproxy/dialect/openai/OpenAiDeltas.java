package dev.llmproxy.dialect.openai;

import tools.jackson.databind.JsonNode;

/** Tells a chunk that carries something from one that only announces it. */
final class OpenAiDeltas {

	private OpenAiDeltas() {
	}

	static boolean isMeaningful(JsonNode choice) {
		JsonNode delta = choice.path("delta");
		return hasText(delta.path("content")) || hasText(delta.path("reasoning_content"))
				|| hasText(delta.path("reasoning")) || hasText(delta.path("refusal"))
				|| !delta.path("tool_calls").isEmpty() || !delta.path("reasoning_details").isEmpty()
				|| !delta.path("thinking_blocks").isEmpty() || delta.path("function_call").isObject()
				|| delta.path("audio").isObject() || hasText(choice.path("finish_reason"))
				|| hasText(choice.path("text"));
	}

	private static boolean hasText(JsonNode node) {
		return (node.isString() && !node.asString().isEmpty()) || (node.isArray() && !node.isEmpty());
	}

}
