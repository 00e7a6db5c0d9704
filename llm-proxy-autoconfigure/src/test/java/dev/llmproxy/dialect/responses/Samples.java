package dev.llmproxy.dialect.responses;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.Transcripts;
import tools.jackson.databind.JsonNode;

/** What the tests of this package share. */
final class Samples {

	static final ResponsesCodec CODEC = new ResponsesCodec();

	private Samples() {
	}

	static byte[] resource(String name) {
		return Transcripts.resource(Samples.class, name);
	}

	/** A file without its white space, members in their order. */
	static String compact(String name) {
		return text(ResponsesJson.write(ResponsesJson.parse(resource(name))));
	}

	static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	/** JSON with apostrophes for quotes. */
	static byte[] json(String json) {
		return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
	}

	static ChatRequest decode(byte[] body) {
		return CODEC.decodeRequest(body, EnvelopeScanner.scan(body, JsonLimits.DEFAULT));
	}

	/** A request with these further members. */
	static ChatRequest decode(String members) {
		return decode(json("{'model':'m','input':'Hi'," + members + "}"));
	}

	/** The messages of these items. */
	static List<Message> items(String items) {
		return decode(json("{'model':'m','input':[" + items + "]}")).messages();
	}

	static ChatRequest.Builder request() {
		return ChatRequest.builder("m").message(Message.text(Role.USER, "Hi"));
	}

	static JsonNode encode(ChatRequest request) {
		return ResponsesJson.parse(CODEC.encodeRequest(request).body());
	}

	static List<String> dropped(ChatRequest request) {
		return CODEC.encodeRequest(request).dropped();
	}

	static ChatResponse answer(FinishReason finish, Part... parts) {
		return new ChatResponse("msg_1", "claude", 5, List.of(new ChatResponse.Choice(0, List.of(parts), finish, null)),
				Usage.of(1, 2), null);
	}

	static List<ChatEvent> events(String stream) {
		return Transcripts.decode(CODEC.streamDecoder(), stream.getBytes(StandardCharsets.UTF_8));
	}

}
