package dev.llmproxy.dialect.gemini;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Part;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.InvalidRequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads {@code GenerateContentResponse}. */
final class GeminiResponseDecoder {

	private GeminiResponseDecoder() {
	}

	static ChatResponse decode(byte[] body, InstantSource clock) {
		try {
			return decode(GeminiJson.MAPPER.readTree(body), clock);
		}
		catch (JacksonException ex) {
			throw new DecodingException("it is not JSON");
		}
		catch (InvalidRequestException ex) {
			throw new DecodingException("it has a malformed field: " + ex.error().param());
		}
	}

	private static ChatResponse decode(JsonNode root, InstantSource clock) {
		List<ChatResponse.Choice> choices = new ArrayList<>();
		String id = GeminiAnswers.id(root);
		for (JsonNode candidate : root.path("candidates")) {
			choices.add(choice(candidate, id));
		}
		if (choices.isEmpty() && GeminiFinish.isBlocked(root)) {
			choices.add(new ChatResponse.Choice(0, List.of(), FinishReason.CONTENT_FILTER, null));
		}
		if (choices.isEmpty()) {
			throw new DecodingException("it has no candidates");
		}
		return new ChatResponse(id, GeminiAnswers.model(root), GeminiAnswers.created(root, clock), choices,
				GeminiUsage.of(root.path("usageMetadata")), null);
	}

	private static ChatResponse.Choice choice(JsonNode candidate, String id) {
		int index = candidate.path("index").asInt(0);
		GeminiParts parts = new GeminiParts();
		GeminiLeftovers ignored = GeminiLeftovers.ignored();
		int calls = 0;
		for (JsonNode node : candidate.path("content").path("parts")) {
			GeminiPart part = GeminiPart.read(node, "parts", ignored);
			String name = (part.call != null) ? part.call.name : null;
			if (part.call != null && name != null && !name.isEmpty()) {
				parts.add(new Part.ToolCall(GeminiCallIds.inAnswer(part.call.id, id, index, calls++, name), name,
						part.call.arguments(), part.signature, null));
			}
			else if (part.text == null || !part.text.isEmpty() || part.signature != null) {
				parts.add(part, "parts", ignored);
			}
		}
		return new ChatResponse.Choice(index, parts.toList(),
				GeminiFinish.decode(GeminiFinish.of(candidate), calls > 0), null);
	}

}
