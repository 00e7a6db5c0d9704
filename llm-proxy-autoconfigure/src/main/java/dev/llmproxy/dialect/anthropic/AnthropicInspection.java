package dev.llmproxy.dialect.anthropic;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.WholeInspection;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Finds the usage of a whole answer, or the error that it is. */
final class AnthropicInspection {

	private static final byte[] USAGE = "\"usage\"".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);

	/** In bytes; an error's type is its first member, or near it. */
	private static final int ERROR_WITHIN = 4096;

	/** Reads one value and ignores what follows it. */
	private static final ObjectReader FIRST_VALUE = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build()
		.readerFor(JsonNode.class);

	private AnthropicInspection() {
	}

	static WholeInspection inspect(byte[] body) {
		ByteBuffer bytes = ByteBuffer.wrap(body);
		Usage usage = usage(body, bytes);
		if (usage != null) {
			return new WholeInspection(usage, null);
		}
		if (SseFrames.indexOf(bytes, 0, Math.min(ERROR_WITHIN, body.length), ERROR) >= 0) {
			ObjectNode root = AnthropicJson.parseObject(body);
			if (root != null && "error".equals(AnthropicJson.textOrNull(root.path("type")))) {
				return new WholeInspection(null, AnthropicErrors.decode(502, root));
			}
		}
		return WholeInspection.NOTHING;
	}

	/**
	 * The last one counts: arguments of a call may have such a member as well, and the
	 * answer's own stands behind its content. In a string the quotes would be escaped.
	 */
	private static @Nullable Usage usage(byte[] body, ByteBuffer bytes) {
		int to = body.length;
		Usage found = null;
		for (int at = 0; (at = SseFrames.indexOf(bytes, at, to, USAGE)) >= 0;) {
			at += USAGE.length;
			int value = value(bytes, at, to);
			if (value >= 0) {
				Usage usage = read(body, value);
				found = (usage != null) ? usage : found;
			}
		}
		return found;
	}

	/** The index of the brace after a member's name, or −1. */
	private static int value(ByteBuffer bytes, int from, int to) {
		boolean colon = false;
		for (int i = from; i < to; i++) {
			byte b = bytes.get(i);
			if (b == ':' && !colon) {
				colon = true;
			}
			else if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
				return (colon && b == '{') ? i : -1;
			}
		}
		return -1;
	}

	private static @Nullable Usage read(byte[] body, int from) {
		try {
			return AnthropicUsage.decode(FIRST_VALUE.readValue(body, from, body.length - from));
		}
		catch (JacksonException ex) {
			return null;
		}
	}

}
