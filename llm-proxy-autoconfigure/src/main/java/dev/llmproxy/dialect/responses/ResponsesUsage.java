package dev.llmproxy.dialect.responses;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.JsonBytes;
import dev.llmproxy.dialect.ServiceTier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds, reads and writes the {@code usage} object of a response. */
final class ResponsesUsage {

	/** With its quotes it can only be a name: inside of strings they are escaped. */
	private static final byte[] FIELD = "\"usage\"".getBytes(StandardCharsets.US_ASCII);

	/** Far more than the object ever has. */
	private static final int LONGEST = 8192;

	private ResponsesUsage() {
	}

	/**
	 * Finds the usage from the end, near which OpenAI puts it, so that a long answer is
	 * not searched. Tools may have parameters of that name, hence the look inside.
	 */
	static @Nullable Usage find(ByteBuffer bytes, int from, int to) {
		for (int at = to - FIELD.length; at >= from; at--) {
			if (bytes.get(at) == '"' && JsonBytes.isAt(bytes, at, to, FIELD)) {
				int value = JsonBytes.object(bytes, at + FIELD.length, to);
				Usage usage = (value >= 0) ? read(bytes, value, to) : null;
				if (usage != null) {
					return usage;
				}
			}
		}
		return null;
	}

	/** The same with the tier, which comes before it. */
	static @Nullable Usage findPriced(ByteBuffer bytes, int from, int to) {
		Usage usage = find(bytes, from, to);
		return (usage != null) ? usage.servedBy(ServiceTier.find(bytes, from, to)) : null;
	}

	private static @Nullable Usage read(ByteBuffer bytes, int from, int to) {
		JsonNode usage = JsonBytes.read(bytes, from, Math.min(to, from + LONGEST));
		return (usage != null) ? of(usage) : null;
	}

	/** Reads the object; {@code null} if it is not one. */
	static @Nullable Usage of(JsonNode usage) {
		if (!usage.path("input_tokens").isNumber() && !usage.path("output_tokens").isNumber()) {
			return null;
		}
		JsonNode input = usage.path("input_tokens_details");
		JsonNode output = usage.path("output_tokens_details");
		return new Usage(usage.path("input_tokens").asLong(0), usage.path("output_tokens").asLong(0),
				input.path("cached_tokens").asLong(0), input.path("cache_write_tokens").asLong(0),
				output.path("reasoning_tokens").asLong(0), input.path("audio_tokens").asLong(0),
				output.path("audio_tokens").asLong(0), false)
			.checkedBy(usage.path("total_tokens").asLong(0));
	}

	static ObjectNode encode(Usage usage) {
		ObjectNode node = ResponsesJson.object().put("input_tokens", usage.inputTokens());
		node.putObject("input_tokens_details")
			.put("cached_tokens", usage.cacheReadTokens())
			.put("cache_write_tokens", usage.cacheWriteTokens());
		node.put("output_tokens", usage.outputTokens());
		node.putObject("output_tokens_details").put("reasoning_tokens", usage.reasoningTokens());
		return node.put("total_tokens", usage.totalTokens());
	}

}
