package dev.llmproxy.dialect.responses;

import java.util.List;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Part;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Why a model stopped, as Responses tells it: by a status, and by a reason if the answer
 * is incomplete. That tools are to be run, or that the model declined, shows only in what
 * it put out.
 */
record Outcome(String status, @Nullable String reason) {

	static final Outcome COMPLETED = new Outcome("completed", null);

	static Outcome of(FinishReason finish, boolean refused) {
		return switch (finish) {
			case STOP, TOOL_CALLS, PAUSE -> COMPLETED;
			case LENGTH -> new Outcome("incomplete", "max_output_tokens");
			case CONTENT_FILTER -> new Outcome("incomplete", "content_filter");
			// A bare refusal would look like an answer of no words.
			case REFUSAL -> refused ? COMPLETED : new Outcome("incomplete", "content_filter");
			case OTHER -> new Outcome("incomplete", null);
		};
	}

	static FinishReason finish(JsonNode response, boolean called, boolean refused) {
		if (response.path("status").asString("completed").equals("completed")) {
			return called ? FinishReason.TOOL_CALLS : refused ? FinishReason.REFUSAL : FinishReason.STOP;
		}
		return switch (response.path("incomplete_details").path("reason").asString("")) {
			case "max_output_tokens" -> FinishReason.LENGTH;
			case "content_filter" -> FinishReason.CONTENT_FILTER;
			default -> FinishReason.OTHER;
		};
	}

	static FinishReason finish(JsonNode response, List<Part> parts) {
		return finish(response, parts.stream().anyMatch(Part.ToolCall.class::isInstance),
				parts.stream().anyMatch(Part.Refusal.class::isInstance));
	}

	void putInto(ObjectNode response) {
		response.put("status", this.status);
		if (this.reason != null) {
			response.putObject("incomplete_details").put("reason", this.reason);
		}
	}

}
