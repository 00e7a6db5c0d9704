package dev.llmproxy.dialect.anthropic;

import dev.llmproxy.chat.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Anthropic's {@code usage}. Its {@code input_tokens} are those that neither came from
 * the cache nor went there; ours are all.
 */
final class AnthropicUsage {

	private static final String INPUT = "input_tokens";

	private static final String OUTPUT = "output_tokens";

	private static final String CACHE_WRITE = "cache_creation_input_tokens";

	private static final String CACHE_READ = "cache_read_input_tokens";

	private static final String CREATION = "cache_creation";

	private static final String HOUR = "ephemeral_1h_input_tokens";

	private AnthropicUsage() {
	}

	static boolean isUsage(JsonNode node) {
		return node.isObject() && (node.has(INPUT) || node.has(OUTPUT));
	}

	static @Nullable Usage decode(JsonNode usage) {
		if (!isUsage(usage)) {
			return null;
		}
		long read = AnthropicJson.count(usage.path(CACHE_READ));
		long written = AnthropicJson.count(usage.path(CACHE_WRITE));
		return new Usage(AnthropicJson.count(usage.path(INPUT)) + read + written,
				AnthropicJson.count(usage.path(OUTPUT)), read, written,
				AnthropicJson.count(usage.path(CREATION).path(HOUR)),
				AnthropicJson.count(usage.path("output_tokens_details").path("thinking_tokens")), 0, 0,
				AnthropicJson.textOrNull(usage.path("service_tier")), false);
	}

	/**
	 * Puts what a later event of a stream says over what an earlier one said. The numbers
	 * are cumulative, but not every event repeats all of them, and some endpoints repeat
	 * them as zeros.
	 * @param earlier taken over and changed
	 */
	static JsonNode merge(@Nullable JsonNode earlier, JsonNode later) {
		if (!(later instanceof ObjectNode update)) {
			return (earlier != null) ? earlier : later;
		}
		if (!(earlier instanceof ObjectNode merged)) {
			return later;
		}
		update.properties().forEach((member) -> {
			JsonNode value = member.getValue();
			boolean forgotten = value.isNumber() && !member.getKey().equals(OUTPUT) && AnthropicJson.count(value) == 0;
			if (!value.isNull() && !(forgotten && merged.has(member.getKey()))) {
				merged.set(member.getKey(), value);
			}
		});
		return merged;
	}

	/**
	 * Writes an answer's usage.
	 * @param usage zeros where nobody knows
	 */
	static ObjectNode encode(@Nullable Usage usage) {
		Usage known = (usage != null) ? usage : Usage.of(0, 0);
		ObjectNode json = AnthropicJson.object();
		json.put(INPUT, Math.max(0, known.inputTokens() - known.cacheReadTokens() - known.cacheWriteTokens()));
		json.put(CACHE_WRITE, known.cacheWriteTokens());
		json.put(CACHE_READ, known.cacheReadTokens());
		if (known.cacheWriteHourTokens() > 0) {
			json.putObject(CREATION)
				.put("ephemeral_5m_input_tokens", known.cacheWriteTokens() - known.cacheWriteHourTokens())
				.put(HOUR, known.cacheWriteHourTokens());
		}
		json.put(OUTPUT, known.outputTokens());
		if (known.reasoningTokens() > 0) {
			json.putObject("output_tokens_details").put("thinking_tokens", known.reasoningTokens());
		}
		return json;
	}

}
