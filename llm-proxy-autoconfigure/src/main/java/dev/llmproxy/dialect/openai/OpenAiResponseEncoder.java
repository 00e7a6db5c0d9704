package dev.llmproxy.dialect.openai;

import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Part;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a whole {@code chat.completion}. */
final class OpenAiResponseEncoder {

	private OpenAiResponseEncoder() {
	}

	static byte[] encode(ChatResponse response) {
		ObjectNode body = OpenAiJson.MAPPER.createObjectNode();
		body.put("id", OpenAiIds.orNew(response.id(), "chatcmpl-"));
		body.put("object", "chat.completion");
		body.put("created", OpenAiIds.orNow(response.created()));
		body.put("model", response.model());
		ArrayNode choices = body.putArray("choices");
		response.choices().forEach((choice) -> choices.add(choice(choice)));
		if (response.usage() != null) {
			body.set("usage", OpenAiUsage.write(response.usage()));
		}
		// Other vendors' tiers have names that SDKs refuse.
		if (response.serviceTier() != null && OpenAiRequestEncoder.SERVICE_TIERS.contains(response.serviceTier())) {
			body.put("service_tier", response.serviceTier());
		}
		return OpenAiJson.bytes(body);
	}

	private static ObjectNode choice(ChatResponse.Choice choice) {
		ObjectNode encoded = OpenAiJson.MAPPER.createObjectNode().put("index", choice.index());
		boolean refused = message(choice.parts(), encoded.putObject("message"));
		encoded.putNull("logprobs");
		return encoded.put("finish_reason", OpenAiFinish.write(choice.finishReason(), refused));
	}

	private static boolean message(List<Part> parts, ObjectNode message) {
		List<Part.Reasoning> thoughts = new ArrayList<>();
		ArrayNode calls = OpenAiJson.MAPPER.createArrayNode();
		ArrayNode images = OpenAiJson.MAPPER.createArrayNode();
		StringBuilder refusal = new StringBuilder();
		boolean texts = false;
		for (Part part : parts) {
			if (part instanceof Part.Reasoning thought) {
				thoughts.add(thought);
			}
			else if (part instanceof Part.ToolCall call) {
				calls.add(call(call));
			}
			else if (part instanceof Part.Refusal refused) {
				refusal.append(refused.text());
			}
			else if (part instanceof Part.Image image) {
				image(image, images);
			}
			texts |= part instanceof Part.Text;
		}
		boolean refused = !refusal.isEmpty();
		message.put("role", "assistant");
		message.put("content", (texts || (calls.isEmpty() && !refused)) ? Part.textOf(parts) : null);
		OpenAiReasoning.show(thoughts, message);
		message.put("refusal", refused ? refusal.toString() : null);
		if (!images.isEmpty()) {
			message.set("images", images);
		}
		if (!calls.isEmpty()) {
			message.set("tool_calls", calls);
		}
		return refused;
	}

	private static void image(Part.Image image, ArrayNode images) {
		ObjectNode encoded = OpenAiPartEncoder.image(image);
		if (encoded != null) {
			images.add(encoded);
		}
	}

	private static ObjectNode call(Part.ToolCall call) {
		ObjectNode encoded = OpenAiJson.MAPPER.createObjectNode().put("id", call.id()).put("type", "function");
		encoded.putObject("function").put("name", call.name()).put("arguments", call.arguments());
		OpenAiToolCalls.sign(encoded, call.signature());
		return encoded;
	}

}
