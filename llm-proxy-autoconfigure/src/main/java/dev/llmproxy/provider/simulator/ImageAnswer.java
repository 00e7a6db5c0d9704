package dev.llmproxy.provider.simulator;

import java.time.Instant;

import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.ResponseBody;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A picture of one transparent pixel, in the shape of
 * <a href="https://platform.openai.com/docs/api-reference/images">OpenAI's images</a>.
 */
final class ImageAnswer {

	/** A PNG of 1×1. */
	private static final String PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

	private final JsonRequest request;

	private final Instant created;

	ImageAnswer(LlmRequest request, Instant created) {
		this.request = JsonRequest.of(request);
		this.created = created;
	}

	ResponseBody body() {
		String prompt = this.request.text("prompt");
		int pictures = this.request.number("n", 1, 1, 10);
		boolean url = "url".equals(this.request.text("response_format", "b64_json"));
		ObjectNode answer = JsonRequest.JSON.createObjectNode().put("created", this.created.getEpochSecond());
		ArrayNode data = answer.putArray("data");
		for (int i = 0; i < pictures; i++) {
			ObjectNode picture = data.addObject();
			if (url) {
				picture.put("url", "data:image/png;base64," + PIXEL);
			}
			else {
				picture.put("b64_json", PIXEL);
			}
			picture.put("revised_prompt", Tokens.first(prompt, 100));
		}
		int tokens = Tokens.count(prompt);
		answer.putObject("usage")
			.put("input_tokens", tokens)
			.put("output_tokens", pictures)
			.put("total_tokens", tokens + pictures);
		return JsonRequest.body(answer);
	}

}
