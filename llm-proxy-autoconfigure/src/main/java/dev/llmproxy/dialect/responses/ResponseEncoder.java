package dev.llmproxy.dialect.responses;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes whole answers. Of several choices there is only place for the first. */
final class ResponseEncoder {

	private final String id;

	private final ArrayNode output;

	private ArrayNode said = ResponsesJson.array();

	private ResponseEncoder(String id, ArrayNode output) {
		this.id = id;
		this.output = output;
	}

	static byte[] encode(ChatResponse response, @Nullable ChatRequest request) {
		String id = ResponseObject.id(response.id());
		ObjectNode node = ResponseObject.create(id, response.created(), response.model(), request);
		ResponseObject.tier(node, response.serviceTier());
		FinishReason finish = FinishReason.OTHER;
		boolean refused = false;
		if (!response.choices().isEmpty()) {
			ChatResponse.Choice choice = response.choices().get(0);
			finish = choice.finishReason();
			refused = choice.parts().stream().anyMatch(Part.Refusal.class::isInstance);
		}
		Outcome outcome = Outcome.of(finish, refused);
		outcome.putInto(node);
		ArrayNode output = node.putArray("output");
		if (!response.choices().isEmpty()) {
			new ResponseEncoder(id, output).encode(response.choices().get(0).parts(), outcome);
		}
		if (response.usage() != null) {
			node.set("usage", ResponsesUsage.encode(response.usage()));
		}
		return ResponsesJson.write(node);
	}

	private void encode(List<Part> parts, Outcome outcome) {
		for (Part part : parts) {
			if (part instanceof Part.Text text) {
				if (!text.text().isEmpty()) {
					this.said.add(OutputItems.text(text.text()));
				}
			}
			else if (part instanceof Part.Refusal refusal) {
				this.said.add(OutputItems.refusal(refusal.text()));
			}
			else {
				closeMessage("completed");
				item(part);
			}
		}
		// Only the last message can be what was cut off.
		closeMessage(outcome.status());
	}

	private void closeMessage(String status) {
		if (!this.said.isEmpty()) {
			this.output.add(OutputItems.message(nextId("msg"), status, this.said));
			this.said = ResponsesJson.array();
		}
	}

	private void item(Part part) {
		if (part instanceof Part.ToolCall call) {
			if (call.signature() != null) {
				this.output.add(OutputItems.reasoning(nextId("rs"), "", Seal.ofCall(call.signature())));
			}
			this.output.add(OutputItems.call(nextId("fc"), call.id(), call.name(), call.arguments())
				.put("status", "completed"));
		}
		else if (part instanceof Part.Reasoning reasoning) {
			this.output.add(OutputItems.reasoning(nextId("rs"), reasoning.text(), seal(reasoning)));
		}
		else if (part instanceof Part.Image image && image.source() instanceof MediaSource.Inline inline) {
			this.output.add(OutputItems.image(nextId("ig"), inline.base64()));
		}
	}

	private static @Nullable String seal(Part.Reasoning reasoning) {
		if (reasoning.redacted() != null) {
			return Seal.ofRedacted(reasoning.redacted());
		}
		return (reasoning.signature() != null) ? Seal.ofThought(reasoning.signature(), !reasoning.text().isEmpty())
				: null;
	}

	private String nextId(String prefix) {
		return ResponseObject.itemId(prefix, this.id, this.output.size());
	}

}
