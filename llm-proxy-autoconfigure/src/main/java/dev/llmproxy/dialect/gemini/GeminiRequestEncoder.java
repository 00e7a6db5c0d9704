package dev.llmproxy.dialect.gemini;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.dialect.EncodedRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes {@code GenerateContentRequest}. The model and whether to stream stand in the
 * path.
 */
final class GeminiRequestEncoder {

	private GeminiRequestEncoder() {
	}

	static EncodedRequest encode(ChatRequest request) {
		GeminiDropped dropped = new GeminiDropped();
		return new EncodedRequest(GeminiJson.bytes(body(request, dropped)), dropped.paths());
	}

	static ObjectNode body(ChatRequest request, GeminiDropped dropped) {
		GeminiModel model = GeminiModel.of(request.model());
		ObjectNode body = GeminiJson.object();
		GeminiContentEncoder contents = new GeminiContentEncoder(model, dropped);
		contents.add(request.messages());
		contents.write(body);
		GeminiToolEncoder.write(request, body, dropped);
		GeminiConfigEncoder.write(request, model, body, dropped);
		serviceTier(request.serviceTier(), body, dropped);
		dropped.addIf(request.user() != null, "user");
		dropped.addIf(!request.metadata().isEmpty(), "metadata");
		GeminiLeftovers.restore(request, body, dropped);
		return body;
	}

	private static void serviceTier(@Nullable String tier, ObjectNode body, GeminiDropped dropped) {
		if (tier == null || tier.equals("auto")) {
			return;
		}
		switch (tier) {
			case "default", "standard", "standard_only" -> body.put("serviceTier", "standard");
			case "flex", "priority" -> body.put("serviceTier", tier);
			default -> dropped.add("service_tier");
		}
	}

}
