package dev.llmproxy.server.faults;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.llmproxy.testkit.EventStreamMessage;
import dev.llmproxy.testkit.Script;

/**
 * How a provider of one dialect begins an answer: frames that commit to nothing, and the
 * first that means something.
 *
 * @param contentType of its streams
 */
record UpstreamFrames(String contentType, List<byte[]> lifecycle, byte[] token) {

	static final UpstreamFrames OPENAI = sse(List
		.of("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}"),
			"data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"primary\"},\"finish_reason\":null}]}");

	static final UpstreamFrames RESPONSES = sse(List.of(
			"event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":\"r\",\"object\":\"response\",\"created_at\":1,\"status\":\"in_progress\",\"model\":\"m\",\"output\":[]}}",
			"event: response.output_item.added\ndata: {\"type\":\"response.output_item.added\",\"sequence_number\":1,\"output_index\":0,\"item\":{\"type\":\"message\",\"id\":\"i\",\"role\":\"assistant\",\"status\":\"in_progress\",\"content\":[]}}",
			"event: response.content_part.added\ndata: {\"type\":\"response.content_part.added\",\"sequence_number\":2,\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"part\":{\"type\":\"output_text\",\"text\":\"\",\"annotations\":[]}}"),
			"event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":3,\"item_id\":\"i\",\"output_index\":0,\"content_index\":0,\"delta\":\"primary\"}");

	static final UpstreamFrames ANTHROPIC = sse(List.of(
			"event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}",
			"event: ping\ndata: {\"type\":\"ping\"}",
			"event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"),
			"event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"primary\"}}");

	static final UpstreamFrames GEMINI = sse(List.of(": ping"),
			"data: {\"candidates\":[{\"index\":0,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"primary\"}]}}],\"modelVersion\":\"m\"}");

	static final UpstreamFrames BEDROCK = new UpstreamFrames("application/vnd.amazon.eventstream",
			List.of(EventStreamMessage.event("messageStart", "{\"role\":\"assistant\"}")), EventStreamMessage
				.event("contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"primary\"}}"));

	private static UpstreamFrames sse(List<String> lifecycle, String token) {
		return new UpstreamFrames("text/event-stream", lifecycle.stream().map(UpstreamFrames::event).toList(),
				event(token));
	}

	private static byte[] event(String text) {
		return (text + "\n\n").getBytes(StandardCharsets.UTF_8);
	}

	/** The head of a stream. */
	Script head() {
		return Script.script().status(200).header("Content-Type", this.contentType).chunked();
	}

	/** A stream that has begun, and has said nothing yet. */
	Script begun() {
		Script script = head();
		for (byte[] frame : this.lifecycle) {
			script = script.chunk(frame);
		}
		return script;
	}

	/** A stream whose first token is out. */
	Script committed() {
		return begun().chunk(this.token);
	}

}
