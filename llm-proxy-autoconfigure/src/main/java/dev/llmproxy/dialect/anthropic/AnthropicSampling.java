package dev.llmproxy.dialect.anthropic;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@code temperature}, {@code top_p} and {@code top_k}. Newer models take none of
 * them, none of them take {@code top_k} or much else while thinking, and those between
 * take one of the first two. A value that is the default anyway is left out unnamed.
 *
 * @param thinking whether the model is told to think
 * @param dropped takes the names of what can't be had
 */
record AnthropicSampling(ChatRequest request, AnthropicModel model, boolean thinking, List<String> dropped) {

	/** The least {@code top_p} beside thoughts. */
	private static final double LEAST_THINKING_TOP_P = 0.95;

	void encode(ObjectNode body) {
		boolean temperature = temperature(body);
		topP(body, temperature);
		Integer topK = this.request.topK();
		if (topK != null) {
			if (this.model.sampling() && !this.thinking) {
				body.put("top_k", topK);
			}
			else {
				this.dropped.add("top_k");
			}
		}
	}

	private boolean temperature(ObjectNode body) {
		Double temperature = this.request.temperature();
		if (temperature == null) {
			return false;
		}
		if (!this.model.sampling() || this.thinking) {
			if (temperature != 1) {
				this.dropped.add("temperature");
			}
			return false;
		}
		if (temperature > 1) {
			this.dropped.add("temperature (clamped to 1)");
		}
		body.put("temperature", Math.min(1, temperature));
		return true;
	}

	private void topP(ObjectNode body, boolean besideTemperature) {
		Double topP = this.request.topP();
		if (topP == null) {
			return;
		}
		boolean allowed = this.model.sampling() && !(besideTemperature && this.model.samplesByOne())
				&& (!this.thinking || topP >= LEAST_THINKING_TOP_P);
		if (allowed) {
			body.put("top_p", topP);
		}
		else if (topP != 1) {
			this.dropped.add("top_p");
		}
	}

}
