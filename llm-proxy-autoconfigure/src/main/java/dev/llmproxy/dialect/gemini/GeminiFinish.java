package dev.llmproxy.dialect.gemini;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.dialect.JsonBytes;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code finishReason}, which does not tell calls from other answers. */
final class GeminiFinish {

	static final byte[] CALL = "\"functionCall\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] BLOCKED = "\"blockReason\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] FIELD = "\"finishReason\"".getBytes(StandardCharsets.US_ASCII);

	private GeminiFinish() {
	}

	/** The reason in the provider's words, or {@code null} while there is none. */
	static @Nullable String of(JsonNode candidate) {
		String word = candidate.path("finishReason").asString("");
		return (word.isEmpty() || word.equals("FINISH_REASON_UNSPECIFIED")) ? null : word;
	}

	static FinishReason decode(@Nullable String word, boolean calls) {
		if (word == null) {
			return FinishReason.OTHER;
		}
		return switch (word) {
			case "STOP" -> calls ? FinishReason.TOOL_CALLS : FinishReason.STOP;
			case "MAX_TOKENS" -> FinishReason.LENGTH;
			case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "MODEL_ARMOR",
					"IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION" ->
				FinishReason.CONTENT_FILTER;
			default -> FinishReason.OTHER;
		};
	}

	/** The last candidate's reason in a whole answer that nobody decodes. */
	static @Nullable FinishReason find(byte[] body) {
		ByteBuffer bytes = ByteBuffer.wrap(body);
		String word = JsonBytes.lastWord(bytes, 0, body.length, FIELD);
		if (word != null) {
			return decode(word, SseFrames.contains(bytes, 0, body.length, CALL));
		}
		return SseFrames.contains(bytes, 0, body.length, BLOCKED) ? FinishReason.CONTENT_FILTER : null;
	}

	static String encode(FinishReason reason) {
		return switch (reason) {
			case STOP, TOOL_CALLS, PAUSE -> "STOP";
			case LENGTH -> "MAX_TOKENS";
			case CONTENT_FILTER, REFUSAL -> "SAFETY";
			case OTHER -> "OTHER";
		};
	}

	/** The reason of an answer with a call whose arguments are no object. */
	static String malformed(FinishReason reason) {
		return (reason == FinishReason.LENGTH) ? "MAX_TOKENS" : "MALFORMED_FUNCTION_CALL";
	}

	/** Whether the prompt was refused, in which case there is no candidate. */
	static boolean isBlocked(JsonNode response) {
		return !response.path("promptFeedback").path("blockReason").asString("").isEmpty();
	}

}
