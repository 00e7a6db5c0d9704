package dev.llmproxy.dialect.openai;

import java.nio.charset.StandardCharsets;

import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;

/** JSON in tests, for comparing member by member in order. */
final class Json {

	private Json() {
	}

	static byte[] bytes(String json) {
		return json.getBytes(StandardCharsets.UTF_8);
	}

	static String text(byte[] json) {
		return new String(json, StandardCharsets.UTF_8);
	}

	/** The same JSON without white space. */
	static String compact(String json) {
		return OpenAiJson.text(OpenAiJson.MAPPER.readTree(json));
	}

	static Envelope envelope(String json) {
		return EnvelopeScanner.scan(bytes(json), JsonLimits.DEFAULT);
	}

}
