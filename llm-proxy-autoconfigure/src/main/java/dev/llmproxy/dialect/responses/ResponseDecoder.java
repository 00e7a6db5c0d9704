package dev.llmproxy.dialect.responses;

import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.dialect.DecodingException;
import tools.jackson.databind.JsonNode;

/** Reads whole answers. Traces of hosted tools and unknown items are passed over. */
final class ResponseDecoder {

	private ResponseDecoder() {
	}

	static ChatResponse decode(byte[] body) {
		JsonNode response = ResponsesJson.parseObject(body, "an answer");
		if (!response.path("output").isArray()) {
			throw new DecodingException("an answer without output");
		}
		switch (response.path("status").asString("completed")) {
			case "failed", "cancelled" -> throw new DecodingException("an answer that has failed");
			case "queued", "in_progress" -> throw new DecodingException("an answer that is not finished");
			default -> {
			}
		}
		List<Part> parts = parts(response.path("output"));
		ChatResponse.Choice choice = new ChatResponse.Choice(0, parts, Outcome.finish(response, parts), null);
		return new ChatResponse(response.path("id").asString(""), response.path("model").asString(""),
				response.path("created_at").asLong(0), List.of(choice), ResponsesUsage.of(response.path("usage")),
				ResponsesJson.text(response.path("service_tier")));
	}

	static List<Part> parts(JsonNode output) {
		Turns turns = new Turns();
		for (JsonNode item : output) {
			switch (item.path("type").asString("")) {
				case "message" -> item.path("content").forEach((part) -> said(part, turns));
				case "reasoning" -> turns.thought(item);
				case "function_call" ->
					turns.called(callId(item), item.path("name").asString(""), item.path("arguments").asString(""));
				case "image_generation_call" -> image(item, turns);
				default -> turns.settle();
			}
		}
		return turns.answer();
	}

	private static void said(JsonNode part, Turns turns) {
		String text = ResponsesJson.text(part.path("text"));
		String refusal = ResponsesJson.text(part.path("refusal"));
		if (refusal != null) {
			turns.said(new Part.Refusal(refusal));
		}
		else if (text != null) {
			turns.said(Part.text(text));
		}
	}

	/** What pairs is the {@code call_id}; some servers have but one identifier. */
	static String callId(JsonNode item) {
		String callId = ResponsesJson.text(item.path("call_id"));
		return (callId != null) ? callId : item.path("id").asString("");
	}

	private static void image(JsonNode item, Turns turns) {
		String base64 = ResponsesJson.text(item.path("result"));
		if (base64 != null) {
			String format = item.path("output_format").asString("png");
			turns.said(new Part.Image(new MediaSource.Inline("image/" + format, base64), null, null));
		}
	}

}
