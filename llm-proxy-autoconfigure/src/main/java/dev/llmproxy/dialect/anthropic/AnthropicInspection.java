package dev.llmproxy.dialect.anthropic;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.JsonBytes;
import dev.llmproxy.dialect.WholeInspection;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds the usage of a whole answer, or the error that it is. */
final class AnthropicInspection {

	private static final byte[] USAGE = "\"usage\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] REASON = "\"stop_reason\"".getBytes(StandardCharsets.US_ASCII);

	/** In bytes; an error's type is its first member, or near it. */
	private static final int ERROR_WITHIN = 4096;

	private AnthropicInspection() {
	}

	static WholeInspection inspect(byte[] body) {
		ByteBuffer bytes = ByteBuffer.wrap(body);
		Usage usage = usage(bytes);
		if (usage != null) {
			return new WholeInspection(usage, finish(bytes), null);
		}
		if (SseFrames.indexOf(bytes, 0, Math.min(ERROR_WITHIN, body.length), ERROR) >= 0) {
			ObjectNode root = AnthropicJson.parseObject(body);
			if (root != null && "error".equals(AnthropicJson.textOrNull(root.path("type")))) {
				return new WholeInspection(null, null, AnthropicErrors.decode(502, root));
			}
		}
		return WholeInspection.NOTHING;
	}

	private static @Nullable FinishReason finish(ByteBuffer bytes) {
		String reason = JsonBytes.lastWord(bytes, 0, bytes.limit(), REASON);
		return (reason != null) ? AnthropicStopReasons.decode(reason) : null;
	}

	/**
	 * The last one counts: arguments of a call may have such a member as well, and the
	 * answer's own stands behind its content. In a string the quotes would be escaped.
	 */
	private static @Nullable Usage usage(ByteBuffer bytes) {
		int to = bytes.limit();
		Usage found = null;
		for (int at = 0; (at = SseFrames.indexOf(bytes, at, to, USAGE)) >= 0;) {
			at += USAGE.length;
			int value = JsonBytes.object(bytes, at, to);
			JsonNode told = (value >= 0) ? JsonBytes.read(bytes, value, to) : null;
			Usage usage = (told != null) ? AnthropicUsage.decode(told) : null;
			found = (usage != null) ? usage : found;
		}
		return found;
	}

}
