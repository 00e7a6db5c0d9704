package dev.llmproxy.dialect.bedrock;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@code inferenceConfig}, and {@code top_k}, which is an additional field of a
 * name that depends on the vendor. A value that is the default anyway is left out
 * unnamed.
 *
 * @param dropped takes the names of what can't be had
 */
record BedrockSampling(ChatRequest request, BedrockModel model, BedrockThinking thinking, List<String> dropped) {

	/** The least top_p that Claude takes beside thoughts. */
	private static final double LEAST_THINKING_TOP_P = 0.95;

	void encode(ObjectNode body, ObjectNode additional) {
		ObjectNode config = BedrockJson.object();
		if (this.request.maxTokens() != null) {
			config.put("maxTokens", this.request.maxTokens());
		}
		boolean temperature = temperature(config);
		topP(config, temperature);
		stop(config);
		if (!config.isEmpty()) {
			body.set("inferenceConfig", config);
		}
		topK(additional);
	}

	/**
	 * Whether the model takes a temperature and the like at all, as it is told to think.
	 */
	private boolean samples() {
		return !this.thinking.exclusive() && this.model.sampling() && !this.thinking.on();
	}

	private boolean temperature(ObjectNode config) {
		Double temperature = this.request.temperature();
		if (temperature == null) {
			return false;
		}
		if (!samples()) {
			if (temperature != 1) {
				this.dropped.add("temperature");
			}
			return false;
		}
		if (temperature > 1) {
			this.dropped.add("temperature (clamped to 1)");
		}
		config.put("temperature", Math.min(1, temperature));
		return true;
	}

	private void topP(ObjectNode config, boolean besideTemperature) {
		Double topP = this.request.topP();
		if (topP == null) {
			return;
		}
		boolean allowed = samples() ? !(besideTemperature && this.model.samplesByOne())
				: this.thinking.on() && this.model.sampling() && topP >= LEAST_THINKING_TOP_P;
		if (allowed) {
			config.put("topP", topP);
		}
		else if (topP != 1) {
			this.dropped.add("top_p");
		}
	}

	/** Claude refuses sequences of white space, and nobody takes empty ones. */
	private void stop(ObjectNode config) {
		List<String> allowed = new ArrayList<>();
		for (int i = 0; i < this.request.stop().size(); i++) {
			String sequence = this.request.stop().get(i);
			if (this.model.isClaude() ? sequence.isBlank() : sequence.isEmpty()) {
				this.dropped.add("stop[" + i + "]");
			}
			else {
				allowed.add(sequence);
			}
		}
		if (!allowed.isEmpty()) {
			config.set("stopSequences", BedrockJson.tree(allowed));
		}
	}

	private void topK(ObjectNode additional) {
		Integer topK = this.request.topK();
		if (topK == null) {
			return;
		}
		if (samples() && (this.model.isClaude() || this.model.isMistral())) {
			additional.put("top_k", topK);
		}
		else if (samples() && this.model.isNova()) {
			additional.putObject("inferenceConfig").put("topK", topK);
		}
		else if (samples() && this.model.vendor().equals("cohere")) {
			additional.put("k", topK);
		}
		else {
			this.dropped.add("top_k");
		}
	}

}
