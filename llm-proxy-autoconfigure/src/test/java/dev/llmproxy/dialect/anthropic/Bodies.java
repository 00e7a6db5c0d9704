package dev.llmproxy.dialect.anthropic;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Message;
import dev.llmproxy.dialect.EncodedRequest;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.Transcripts;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the tests of this dialect do with its JSON. */
final class Bodies {

	static final AnthropicCodec CODEC = new AnthropicCodec();

	private Bodies() {
	}

	static byte[] file(String name) {
		return Transcripts.resource(Bodies.class, name);
	}

	/** JSON with single quotes for double ones. */
	static byte[] json(String json) {
		return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
	}

	static JsonNode tree(byte[] json) {
		return JsonMapper.shared().readTree(json);
	}

	/** A tree of JSON with single quotes for double ones. */
	static JsonNode tree(String json) {
		return tree(json(json));
	}

	static ChatRequest decode(byte[] body) {
		return CODEC.decodeRequest(body, EnvelopeScanner.scan(body, JsonLimits.DEFAULT));
	}

	/** Decodes a request of the model that has these members besides. */
	static ChatRequest decode(String members) {
		return decode(json("{'model':'claude-sonnet-4-5','max_tokens':100," + members + "}"));
	}

	/** A request in no dialect that says hello. */
	static ChatRequest.Builder hello(String model) {
		return ChatRequest.builder(model).message(Message.text(Role.USER, "Hello"));
	}

	static JsonNode encode(ChatRequest.Builder request) {
		return tree(encoded(request).body());
	}

	static EncodedRequest encoded(ChatRequest.Builder request) {
		return CODEC.encodeRequest(request.build());
	}

	static String text(byte[] bytes) {
		return new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
	}

}
