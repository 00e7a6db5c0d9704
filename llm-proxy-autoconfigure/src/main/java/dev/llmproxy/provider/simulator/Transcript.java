package dev.llmproxy.provider.simulator;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.ResponseBody;
import reactor.core.publisher.Flux;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;

/**
 * A transcript that says how much was recorded, in each of the forms of
 * <a href="https://platform.openai.com/docs/api-reference/audio">OpenAI's
 * transcriptions</a>.
 */
final class Transcript {

	/** The field of the form; its value is one of a few short words. */
	private static final Pattern FORMAT = Pattern
		.compile("name=\"?response_format\"?[^\\r\\n]{0,200}\\r\\n(?:[^\\r\\n]{1,200}\\r\\n){0,5}\\r\\n([a-z_]{1,20})");

	private Transcript() {
	}

	static ResponseBody answer(LlmRequest request) {
		String text = "This is a simulated transcript of a form of " + request.body().length + " bytes.";
		if (request.stream()) {
			return wire(Framing.SSE, MediaType.TEXT_EVENT_STREAM,
					event("transcript.text.delta", "delta", text) + event("transcript.text.done", "text", text));
		}
		return switch (format(request.body())) {
			case "text" -> wire(Framing.BINARY, MediaType.TEXT_PLAIN, text + "\n");
			case "srt" ->
				wire(Framing.BINARY, MediaType.TEXT_PLAIN, "1\n00:00:00,000 --> 00:00:01,000\n" + text + "\n\n");
			case "vtt" ->
				wire(Framing.BINARY, MediaType.TEXT_PLAIN, "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n" + text + "\n\n");
			case "verbose_json" -> verbose(text);
			default -> JsonRequest.body(JsonRequest.JSON.createObjectNode().put("text", text));
		};
	}

	private static ResponseBody verbose(String text) {
		ObjectNode answer = JsonRequest.JSON.createObjectNode()
			.put("task", "transcribe")
			.put("language", "english")
			.put("duration", 1.0)
			.put("text", text);
		answer.putArray("segments")
			.addObject()
			.put("id", 0)
			.put("seek", 0)
			.put("start", 0.0)
			.put("end", 1.0)
			.put("text", text)
			.put("temperature", 0.0)
			.put("avg_logprob", 0.0)
			.put("compression_ratio", 1.0)
			.put("no_speech_prob", 0.0)
			.putArray("tokens");
		return JsonRequest.body(answer);
	}

	/** Fields come before or after the recording, so the whole form is looked at. */
	private static String format(byte[] form) {
		Matcher format = FORMAT.matcher(new String(form, StandardCharsets.ISO_8859_1));
		return format.find() ? format.group(1) : "json";
	}

	private static String event(String type, String field, String text) {
		String data = JsonRequest.JSON
			.writeValueAsString(JsonRequest.JSON.createObjectNode().put("type", type).put(field, text));
		return "event: " + type + "\ndata: " + data + "\n\n";
	}

	private static ResponseBody wire(Framing framing, MediaType type, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return new ResponseBody.Wire(Dialect.OPENAI, framing, type,
				Flux.defer(() -> Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(bytes))));
	}

}
