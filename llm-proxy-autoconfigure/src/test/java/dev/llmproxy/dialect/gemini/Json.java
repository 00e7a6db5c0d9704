package dev.llmproxy.dialect.gemini;

import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.Transcripts;
import tools.jackson.databind.JsonNode;

/** JSON in tests, with single quotes for double ones. */
final class Json {

	private Json() {
	}

	static byte[] bytes(String json) {
		return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
	}

	static JsonNode tree(String json) {
		return GeminiJson.MAPPER.readTree(bytes(json));
	}

	static JsonNode tree(byte[] json) {
		return GeminiJson.MAPPER.readTree(json);
	}

	static ChatRequest request(String json) {
		return request(bytes(json));
	}

	static ChatRequest request(byte[] body) {
		Envelope envelope = EnvelopeScanner.scan(body, JsonLimits.DEFAULT);
		return GeminiCodecTests.CODEC.decodeRequest(body, envelope.withModel("gemini-2.5-flash"));
	}

	static byte[] resource(String name) {
		return Transcripts.resource(Json.class, name);
	}

}
