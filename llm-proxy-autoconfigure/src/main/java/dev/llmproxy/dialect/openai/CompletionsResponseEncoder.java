package dev.llmproxy.dialect.openai;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Part;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a whole {@code text_completion}. Refusals are text here; thoughts and calls of
 * tools, for which there is no place, cannot have been asked for.
 */
final class CompletionsResponseEncoder {

	private CompletionsResponseEncoder() {
	}

	static byte[] encode(ChatResponse response) {
		ObjectNode body = OpenAiJson.MAPPER.createObjectNode();
		body.put("id", OpenAiIds.orNew(response.id(), "cmpl-"));
		body.put("object", "text_completion");
		body.put("created", OpenAiIds.orNow(response.created()));
		body.put("model", response.model());
		ArrayNode choices = body.putArray("choices");
		for (ChatResponse.Choice choice : response.choices()) {
			choices.addObject()
				.put("text", text(choice))
				.put("index", choice.index())
				.putNull("logprobs")
				.put("finish_reason", OpenAiFinish.writeCompletion(choice.finishReason()));
		}
		if (response.usage() != null) {
			body.set("usage", OpenAiUsage.write(response.usage()));
		}
		return OpenAiJson.bytes(body);
	}

	private static String text(ChatResponse.Choice choice) {
		StringBuilder text = new StringBuilder();
		for (Part part : choice.parts()) {
			if (part instanceof Part.Text piece) {
				text.append(piece.text());
			}
			else if (part instanceof Part.Refusal refusal) {
				text.append(refusal.text());
			}
		}
		return text.toString();
	}

}
