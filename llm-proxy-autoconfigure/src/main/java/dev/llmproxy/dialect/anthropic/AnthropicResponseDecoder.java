package dev.llmproxy.dialect.anthropic;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.DecodingException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads a whole answer. Blocks of hosted tools are left out: they mean nothing elsewhere.
 */
final class AnthropicResponseDecoder {

	/** The API doesn't tell when it answered. */
	static final long NOT_TOLD = 0;

	private AnthropicResponseDecoder() {
	}

	static ChatResponse decode(byte[] body) {
		ObjectNode message = AnthropicJson.parseObject(body);
		if (message == null || !message.path("content").isArray()) {
			throw new DecodingException("an answer that is not a message");
		}
		String stopSequence = AnthropicJson.textOrNull(message.path("stop_sequence"));
		ChatResponse.Choice choice = new ChatResponse.Choice(0, parts(message.path("content")),
				AnthropicStopReasons.decode(AnthropicJson.textOrNull(message.path("stop_reason"))), stopSequence);
		return new ChatResponse(AnthropicJson.textOrEmpty(message.path("id")),
				AnthropicJson.textOrEmpty(message.path("model")), NOT_TOLD, List.of(choice),
				AnthropicUsage.decode(message.path("usage")),
				AnthropicJson.textOrNull(message.path("usage").path("service_tier")));
	}

	private static List<Part> parts(JsonNode content) {
		List<Part> parts = new ArrayList<>();
		Signature callSignature = null;
		for (int i = 0; i < content.size(); i++) {
			JsonNode block = content.get(i);
			boolean beforeCall = i + 1 < content.size() && type(content.get(i + 1)).equals("tool_use");
			Signature ofNext = beforeCall ? AnthropicSignatures.ofCall(block) : null;
			Part part = (ofNext == null) ? part(block, callSignature) : null;
			if (part != null) {
				parts.add(part);
			}
			callSignature = ofNext;
		}
		return parts;
	}

	private static String type(JsonNode block) {
		return AnthropicJson.textOrEmpty(block.path("type"));
	}

	private static @Nullable Part part(JsonNode block, @Nullable Signature callSignature) {
		return switch (type(block)) {
			case "text" -> Part.text(AnthropicJson.textOrEmpty(block.path("text")));
			case "thinking" -> new Part.Reasoning(AnthropicJson.textOrEmpty(block.path("thinking")),
					AnthropicSignatures.decode(AnthropicJson.textOrNull(block.path("signature"))));
			case "redacted_thinking" -> redacted(block);
			case "tool_use" -> new Part.ToolCall(AnthropicJson.textOrEmpty(block.path("id")),
					AnthropicJson.textOrEmpty(block.path("name")), arguments(block), callSignature, null);
			default -> null;
		};
	}

	private static @Nullable Part redacted(JsonNode block) {
		Signature data = AnthropicSignatures.decode(AnthropicJson.textOrNull(block.path("data")));
		return (data != null) ? new Part.Reasoning("", null, data) : null;
	}

	static String arguments(JsonNode block) {
		return block.path("input").isObject() ? AnthropicJson.text(block.path("input")) : "{}";
	}

}
