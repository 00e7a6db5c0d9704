package dev.llmproxy.dialect.openai;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.JsonBytes;
import dev.llmproxy.dialect.framing.SseFrames;
import dev.llmproxy.dialect.openai.TokenCounts.Count;
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
		TokenCounts counts = TokenCounts.scan(bytes, from, to);
		if (counts != null) {
			return of(counts).servedBy(tier);
		}
		JsonNode usage = JsonBytes.read(bytes, from, to);
		Usage told = (usage != null) ? of(usage) : null;
		return (told != null) ? told.servedBy(tier) : null;
	}

	/** Reads the object. */
	static @Nullable Usage of(JsonNode usage) {
		return usage.isObject() ? of(TokenCounts.of(usage)) : null;
	}

	/**
	 * Totals that do not add up are those of vendors that count thoughts apart (xAI,
	 * Gemini's compatible API): what is missing was generated.
	 */
	private static Usage of(TokenCounts counts) {
		long prompt = told(counts, Count.PROMPT);
		// One below zero is wrong, too.
		long total = (counts.get(Count.TOTAL) != TokenCounts.ABSENT) ? counts.get(Count.TOTAL) : 0;
		long generated = Math.max(told(counts, Count.COMPLETION), total - prompt);
		return new Usage(prompt, generated, first(counts, Count.CACHED, Count.CACHE_HIT),
				first(counts, Count.CACHE_WRITE, Count.CACHE_CREATION), told(counts, Count.REASONING),
				told(counts, Count.AUDIO_INPUT), told(counts, Count.AUDIO_OUTPUT), false)
			.checkedBy(total);
	}

	private static long told(TokenCounts counts, Count count) {
		return Math.max(0, counts.get(count));
	}

	private static long first(TokenCounts counts, Count count, Count otherwise) {
		return (counts.get(count) != TokenCounts.ABSENT) ? told(counts, count) : told(counts, otherwise);
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
