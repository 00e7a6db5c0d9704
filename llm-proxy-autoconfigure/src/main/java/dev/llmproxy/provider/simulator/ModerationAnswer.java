package dev.llmproxy.provider.simulator;

import java.util.List;
import java.util.Locale;

import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.ResponseBody;
import tools.jackson.databind.node.ObjectNode;

/**
 * Flags texts that name a category, such as {@code violence}. In the shape of
 * <a href="https://platform.openai.com/docs/api-reference/moderations">OpenAI's
 * moderations</a>.
 */
final class ModerationAnswer {

	private static final int MOST_INPUTS = 2048;

	private static final List<String> CATEGORIES = List.of("harassment", "harassment/threatening", "hate",
			"hate/threatening", "illicit", "illicit/violent", "self-harm", "self-harm/intent", "self-harm/instructions",
			"sexual", "sexual/minors", "violence", "violence/graphic");

	private final JsonRequest request;

	private final String model;

	ModerationAnswer(LlmRequest request, String model) {
		this.request = JsonRequest.of(request);
		this.model = model;
	}

	ResponseBody body() {
		ObjectNode answer = JsonRequest.JSON.createObjectNode();
		answer.put("id", "modr-" + this.request.id()).put("model", this.model);
		var results = answer.putArray("results");
		inputs().forEach((input) -> results.add(result(input)));
		return JsonRequest.body(answer);
	}

	/** One for each text; parts of different kinds are one input together. */
	private List<String> inputs() {
		var input = this.request.fields().path("input");
		if (input.isString()) {
			return List.of(input.asString());
		}
		List<String> texts = this.request.texts("input", MOST_INPUTS);
		return input.get(0).isObject() ? List.of(String.join("\n", texts)) : texts;
	}

	private static ObjectNode result(String input) {
		String text = input.toLowerCase(Locale.ROOT);
		ObjectNode result = JsonRequest.JSON.createObjectNode();
		ObjectNode flags = JsonRequest.JSON.createObjectNode();
		ObjectNode scores = JsonRequest.JSON.createObjectNode();
		boolean any = false;
		for (String category : CATEGORIES) {
			boolean flagged = text.contains(category);
			any |= flagged;
			flags.put(category, flagged);
			scores.put(category, flagged ? 0.99 : 0.0001);
		}
		result.put("flagged", any);
		result.set("categories", flags);
		result.set("category_scores", scores);
		return result;
	}

}
