package dev.llmproxy.dialect.gemini;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.JsonBytes;
import dev.llmproxy.dialect.framing.SseFrames;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code usageMetadata}. By the API reference {@code promptTokenCount} includes cached
 * tokens, {@code candidatesTokenCount} excludes thoughts, and what hosted tools fed to
 * the model is counted on its own.
 */
final class GeminiUsage {

	private static final byte[] FIELD = "\"usageMetadata\"".getBytes(StandardCharsets.US_ASCII);

	private static final String AUDIO = "AUDIO";

	private GeminiUsage() {
	}

	/** Reads the object, or gives {@code null} if it tells nothing. */
	static @Nullable Usage of(JsonNode usage) {
		if (!usage.has("promptTokenCount") && !usage.has("candidatesTokenCount")) {
			return null;
		}
		long thoughts = count(usage, "thoughtsTokenCount");
		return new Usage(count(usage, "promptTokenCount") + count(usage, "toolUsePromptTokenCount"),
				count(usage, "candidatesTokenCount") + thoughts, count(usage, "cachedContentTokenCount"), 0, thoughts,
				audio(usage.path("promptTokensDetails")), audio(usage.path("candidatesTokensDetails")), false)
			.checkedBy(count(usage, "totalTokenCount"));
	}

	private static long count(JsonNode usage, String name) {
		return usage.path(name).asLong(0);
	}

	private static long audio(JsonNode details) {
		long audio = 0;
		for (JsonNode detail : details) {
			if (AUDIO.equals(detail.path("modality").asString(""))) {
				audio += count(detail, "tokenCount");
			}
		}
		return audio;
	}

	static ObjectNode encode(Usage usage) {
		ObjectNode object = GeminiJson.object();
		object.put("promptTokenCount", usage.inputTokens());
		object.put("candidatesTokenCount", usage.outputTokens() - usage.reasoningTokens());
		object.put("totalTokenCount", usage.totalTokens());
		if (usage.cacheReadTokens() > 0) {
			object.put("cachedContentTokenCount", usage.cacheReadTokens());
		}
		if (usage.reasoningTokens() > 0) {
			object.put("thoughtsTokenCount", usage.reasoningTokens());
		}
		details(object, "promptTokensDetails", usage.inputTokens(), usage.audioInputTokens());
		details(object, "candidatesTokensDetails", usage.outputTokens() - usage.reasoningTokens(),
				usage.audioOutputTokens());
		return object;
	}

	private static void details(ObjectNode usage, String name, long all, long audio) {
		if (audio > 0) {
			ArrayNode details = usage.putArray(name);
			details.addObject().put("modality", "TEXT").put("tokenCount", all - audio);
			details.addObject().put("modality", AUDIO).put("tokenCount", audio);
		}
	}

	/** The last one in a whole answer, found without parsing the rest. */
	static @Nullable Usage search(byte[] body) {
		ByteBuffer bytes = ByteBuffer.wrap(body);
		int found = -1;
		for (int at = 0; (at = SseFrames.indexOf(bytes, at, body.length, FIELD)) >= 0;) {
			at += FIELD.length;
			found = JsonBytes.object(bytes, at, body.length);
		}
		JsonNode usage = (found >= 0) ? JsonBytes.read(bytes, found, body.length) : null;
		return (usage != null) ? of(usage) : null;
	}

}
