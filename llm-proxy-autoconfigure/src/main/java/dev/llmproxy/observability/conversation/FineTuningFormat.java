package dev.llmproxy.observability.conversation;

import java.util.Arrays;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.ReadyMapper;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A conversation as a line of OpenAI's format for fine-tuning chats: its messages, the
 * answer as the last of them, and its tools. Whatever dialect it was held in.
 */
final class FineTuningFormat {

	private static final JsonMapper JSON = ReadyMapper.shared();

	private final Codecs codecs;

	FineTuningFormat(Codecs codecs) {
		this.codecs = codecs;
	}

	/**
	 * The line, with its end; {@code null} if there is nothing to learn from it.
	 * @throws RuntimeException if it can't be read
	 */
	byte @Nullable [] line(Conversation conversation) {
		JsonNode question = JSON
			.readTree(this.codecs.upstream(Dialect.OPENAI).encodeRequest(conversation.request().chat()).body());
		JsonNode answer = JSON.readTree(this.codecs.inbound(Dialect.OPENAI).encodeResponse(conversation.answer().get()))
			.at("/choices/0/message");
		if (!(question.path("messages") instanceof ArrayNode messages) || !answer.isObject()) {
			return null;
		}
		ObjectNode line = JSON.createObjectNode();
		line.putArray("messages").addAll(messages).add(answer);
		if (question.path("tools").isArray()) {
			line.set("tools", question.path("tools"));
		}
		byte[] bytes = JSON.writeValueAsBytes(line);
		byte[] ended = Arrays.copyOf(bytes, bytes.length + 1);
		ended[bytes.length] = '\n';
		return ended;
	}

}
