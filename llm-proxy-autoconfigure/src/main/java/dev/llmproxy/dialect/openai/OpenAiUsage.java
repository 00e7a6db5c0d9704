package dev.llmproxy.dialect.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.JsonBytes;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Finds and reads the {@code usage} object of a chunk or an answer. */
final class OpenAiUsage {

	private static final byte[] FIELD = "\"usage\"".getBytes(StandardCharsets.US_ASCII);

	private OpenAiUsage() {
	}

	/**
	 * Where the value of the last {@code "usage"} member begins, if it is an object.
	 * @return the index of its brace, or −1
	 */
	static int find(ByteBuffer bytes, int from, int to) {
		int found = -1;
		for (int at = from; (at = SseFrames.indexOf(bytes, at, to, FIELD)) >= 0;) {
			at += FIELD.length;
			int value = JsonBytes.object(bytes, at, to);
			found = (value >= 0) ? value : found;
		}
		return found;
	}

	/**
	 * Reads the object that begins there.
	 * @param tier as it stands beside the object
	 */
	static @Nullable Usage read(ByteBuffer bytes, int from, int to, @Nullable String tier) {
		JsonNode usage = JsonBytes.read(bytes, from, to);
		Usage told = (usage != null) ? of(usage) : null;
		return (told != null) ? told.servedBy(tier) : null;
	}

	/**
	 * Reads the object; see the API reference of chat completions. Totals that do not add
	 * up are those of vendors that count thoughts apart (xAI, Gemini's compatible API):
	 * what is missing was generated.
	 */
	static @Nullable Usage of(JsonNode usage) {
		if (!usage.isObject()) {
			return null;
		}
		JsonNode input = usage.path("prompt_tokens_details");
		JsonNode output = usage.path("completion_tokens_details");
		// DeepSeek tells its cache hits at the top.
		long cached = tokens(input, "cached_tokens", tokens(usage, "prompt_cache_hit_tokens", 0));
		long written = tokens(input, "cache_write_tokens", tokens(usage, "cache_creation_input_tokens", 0));
		long prompt = tokens(usage, "prompt_tokens", 0);
		long total = usage.path("total_tokens").asLong(0);
		long generated = Math.max(tokens(usage, "completion_tokens", 0), total - prompt);
		return new Usage(prompt, generated, cached, written, tokens(output, "reasoning_tokens", 0),
				tokens(input, "audio_tokens", 0), tokens(output, "audio_tokens", 0), false)
			.checkedBy(total);
	}

	private static long tokens(JsonNode object, String name, long absent) {
		JsonNode tokens = object.path(name);
		return tokens.isNumber() ? Math.max(0, tokens.asLong(0)) : absent;
	}

	static ObjectNode write(Usage usage) {
		ObjectNode written = OpenAiJson.MAPPER.createObjectNode();
		written.put("prompt_tokens", usage.inputTokens());
		written.put("completion_tokens", usage.outputTokens());
		written.put("total_tokens", usage.totalTokens());
		ObjectNode input = written.putObject("prompt_tokens_details");
		input.put("cached_tokens", usage.cacheReadTokens());
		if (usage.cacheWriteTokens() > 0) {
			// Younger than the others, and foreign to most vendors.
			input.put("cache_write_tokens", usage.cacheWriteTokens());
		}
		input.put("audio_tokens", usage.audioInputTokens());
		written.putObject("completion_tokens_details")
			.put("reasoning_tokens", usage.reasoningTokens())
			.put("audio_tokens", usage.audioOutputTokens());
		return written;
	}

}
