package dev.llmproxy.dialect.gemini;

import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes {@code GenerateContentResponse}. */
final class GeminiResponseEncoder {

	private GeminiResponseEncoder() {
	}

	static byte[] encode(ChatResponse response) {
		ObjectNode body = GeminiJson.object();
		ArrayNode candidates = body.putArray("candidates");
		for (ChatResponse.Choice choice : response.choices()) {
			candidates.add(candidate(choice));
		}
		if (response.usage() != null) {
			body.set("usageMetadata", GeminiUsage.encode(response.usage()));
		}
		GeminiAnswers.write(body, GeminiAnswers.idOrNew(response.id()), response.model(), response.created());
		return GeminiJson.bytes(body);
	}

	private static ObjectNode candidate(ChatResponse.Choice choice) {
		ObjectNode candidate = GeminiJson.object();
		ObjectNode content = candidate.putObject("content");
		ArrayNode parts = content.putArray("parts");
		boolean malformed = false;
		List<Part> all = choice.parts();
		ObjectNode previous = null;
		for (int i = 0; i < all.size(); i++) {
			if (GeminiSignatures.isForNeighbour(all.get(i)) && previous != null && i > 0
					&& GeminiPartWriter.signedBy(all, i) == i - 1) {
				GeminiSignatures.write(previous, ((Part.Reasoning) all.get(i)).signature());
				previous = null;
				continue;
			}
			previous = part(all.get(i));
			if (previous != null) {
				parts.add(previous);
			}
			malformed |= previous == null && all.get(i) instanceof Part.ToolCall;
		}
		content.put("role", "model");
		candidate.put("finishReason",
				malformed ? GeminiFinish.malformed(choice.finishReason()) : GeminiFinish.encode(choice.finishReason()));
		candidate.put("index", choice.index());
		return candidate;
	}

	private static @Nullable ObjectNode part(Part part) {
		if (part instanceof Part.Text text) {
			return GeminiPartWriter.text(text.text());
		}
		if (part instanceof Part.Refusal refusal) {
			return GeminiPartWriter.text(refusal.text());
		}
		if (part instanceof Part.ToolCall call) {
			ObjectNode arguments = GeminiPartWriter.arguments(call.arguments());
			return (arguments != null) ? GeminiPartWriter.call(call.id(), call.name(), arguments, call.signature())
					: null;
		}
		if (part instanceof Part.Reasoning reasoning) {
			return reasoning(reasoning);
		}
		return GeminiMedia.write(part);
	}

	private static ObjectNode reasoning(Part.Reasoning reasoning) {
		if (GeminiSignatures.isForNeighbour(reasoning)) {
			return signature(reasoning.signature());
		}
		ObjectNode thought = GeminiPartWriter.thought(reasoning.text());
		if (reasoning.redacted() != null) {
			GeminiSignatures.writeRedacted(thought, reasoning.redacted());
		}
		else {
			GeminiSignatures.write(thought, reasoning.signature());
		}
		return thought;
	}

	private static ObjectNode signature(@Nullable Signature signature) {
		ObjectNode part = GeminiPartWriter.text("");
		GeminiSignatures.write(part, signature);
		return part;
	}

}
