package dev.llmproxy.dialect.anthropic;

import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a whole answer: the first choice, as the dialect has only one. */
final class AnthropicResponseEncoder {

	private AnthropicResponseEncoder() {
	}

	static byte[] encode(ChatResponse response) {
		ObjectNode message = message(response.id(), response.model());
		ArrayNode content = message.putArray("content");
		List<ChatResponse.Choice> choices = response.choices();
		if (choices.isEmpty()) {
			stop(message, FinishReason.OTHER, null, false, false);
		}
		else {
			ChatResponse.Choice choice = choices.get(0);
			choice.parts().forEach((part) -> add(content, part));
			stop(message, choice.finishReason(), choice.stopSequence(),
					choice.parts().stream().anyMatch(Part.ToolCall.class::isInstance),
					choice.parts().stream().anyMatch(Part.Refusal.class::isInstance));
		}
		ObjectNode usage = AnthropicUsage.encode(response.usage());
		String tier = serviceTier(response.serviceTier());
		if (tier != null) {
			usage.put("service_tier", tier);
		}
		message.set("usage", usage);
		return AnthropicJson.bytes(message);
	}

	/** A message's head, which a stream starts with as well. */
	static ObjectNode message(String id, String model) {
		return AnthropicJson.object()
			.put("id", id.isEmpty() ? AnthropicIds.message() : id)
			.put("type", "message")
			.put("role", "assistant")
			.put("model", model);
	}

	static void stop(ObjectNode owner, FinishReason reason, @Nullable String stopSequence, boolean called,
			boolean refused) {
		String word = AnthropicStopReasons.encode(reason, stopSequence != null, called, refused);
		owner.put("stop_reason", word);
		owner.put("stop_sequence", word.equals("stop_sequence") ? stopSequence : null);
		if (word.equals("refusal")) {
			ObjectNode details = AnthropicJson.object("refusal");
			owner.set("stop_details", details.putNull("category").putNull("explanation"));
		}
	}

	/** The three words that the dialect has, in its own and in OpenAI's. */
	private static @Nullable String serviceTier(@Nullable String tier) {
		return switch ((tier != null) ? tier : "") {
			case "standard", "default" -> "standard";
			case "priority", "batch" -> tier;
			default -> null;
		};
	}

	private static void add(ArrayNode content, Part part) {
		if (part instanceof Part.Text text) {
			addText(content, text.text());
		}
		else if (part instanceof Part.Refusal refusal) {
			addText(content, refusal.text());
		}
		else if (part instanceof Part.Reasoning reasoning) {
			Signature redacted = reasoning.redacted();
			content.add((redacted != null) ? AnthropicBlocks.redacted(AnthropicSignatures.encode(redacted))
					: AnthropicBlocks.thinking(reasoning.text(), AnthropicSignatures.encode(reasoning.signature())));
		}
		else if (part instanceof Part.ToolCall call) {
			if (call.signature() != null) {
				content.add(AnthropicBlocks.thinking("", AnthropicSignatures.encodeOfCall(call.signature())));
			}
			String id = call.id().isEmpty() ? AnthropicIds.toolUse() : call.id();
			content.add(AnthropicBlocks.toolUse(id, call.name(), input(call)));
		}
	}

	/** The API never shows an empty block, and refuses one that comes back. */
	private static void addText(ArrayNode content, String text) {
		if (!text.isEmpty()) {
			content.add(AnthropicBlocks.text(text));
		}
	}

	/**
	 * A model that reaches its limit, or errs, leaves arguments that are no JSON. The
	 * rest of the answer is good, and no arguments at all could mean something else.
	 */
	private static ObjectNode input(Part.ToolCall call) {
		ObjectNode input = AnthropicBlocks.input(call);
		return (input != null) ? input : AnthropicJson.object().put("_raw", call.arguments());
	}

}
