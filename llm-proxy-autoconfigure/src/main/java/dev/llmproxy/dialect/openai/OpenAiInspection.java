package dev.llmproxy.dialect.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.ServiceTier;
import dev.llmproxy.dialect.WholeInspection;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Looks at a whole answer that passes through. It is parsed only if it holds the word
 * {@code "error"} as a name or a value, which in generated text is spelled otherwise.
 */
final class OpenAiInspection {

	private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);

	private OpenAiInspection() {
	}

	static WholeInspection of(byte[] body) {
		ByteBuffer bytes = ByteBuffer.wrap(body);
		LlmError error = (SseFrames.indexOf(bytes, 0, body.length, ERROR) >= 0) ? error(body) : null;
		int usageAt = OpenAiUsage.find(bytes, 0, body.length);
		Usage usage = (usageAt >= 0)
				? OpenAiUsage.read(bytes, usageAt, body.length, ServiceTier.find(bytes, 0, body.length)) : null;
		FinishReason finish = OpenAiFinish.find(bytes, 0, body.length);
		return new WholeInspection(usage, finish, error);
	}

	private static @Nullable LlmError error(byte[] body) {
		try {
			JsonNode root = OpenAiJson.MAPPER.readTree(body);
			JsonNode error = OpenAiErrors.in(root);
			boolean answered = !root.path("choices").isEmpty() || !root.path("data").isEmpty();
			return (error == null || answered) ? null : OpenAiErrors.decode(502, error);
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
