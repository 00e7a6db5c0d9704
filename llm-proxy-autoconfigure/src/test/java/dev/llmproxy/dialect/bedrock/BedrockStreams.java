package dev.llmproxy.dialect.bedrock;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.dialect.Transcripts;
import dev.llmproxy.dialect.framing.EventStreamEncoder;
import dev.llmproxy.dialect.framing.EventStreamMessage;
import tools.jackson.databind.JsonNode;

/**
 * Streams that are written as lines of JSON and framed here: {@code event} with a
 * {@code payload}, {@code exception} with a {@code payload}, or {@code error} with a
 * {@code message}.
 */
final class BedrockStreams {

	private BedrockStreams() {
	}

	static byte[] resource(String name) {
		String lines = new String(Transcripts.resource(BedrockStreams.class, name), StandardCharsets.UTF_8);
		return of(lines.strip().split("\n"));
	}

	static byte[] of(String... lines) {
		ByteArrayOutputStream stream = new ByteArrayOutputStream();
		for (String line : lines) {
			stream.writeBytes(frame(BedrockJson.MAPPER.readTree(line)));
		}
		return stream.toByteArray();
	}

	private static byte[] frame(JsonNode line) {
		Map<String, Object> headers = new LinkedHashMap<>();
		if (line.has("error")) {
			headers.put(":error-code", line.path("error").stringValue(""));
			headers.put(":error-message", line.path("message").stringValue(""));
			headers.put(":message-type", "error");
			return EventStreamEncoder.encode(new EventStreamMessage(headers, new byte[0]));
		}
		String type = line.has("event") ? "event" : "exception";
		headers.put(":" + type + "-type", line.path(type).stringValue(""));
		headers.put(":content-type", "application/json");
		headers.put(":message-type", type);
		return EventStreamEncoder.encode(new EventStreamMessage(headers, BedrockJson.bytes(line.path("payload"))));
	}

}
