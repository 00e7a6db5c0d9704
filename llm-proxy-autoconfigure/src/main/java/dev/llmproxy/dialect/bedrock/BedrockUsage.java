package dev.llmproxy.dialect.bedrock;

import dev.llmproxy.chat.Usage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Converse's {@code usage}. Its {@code inputTokens} are those that neither came from the
 * cache nor went there; ours are all.
 */
final class BedrockUsage {

	private BedrockUsage() {
	}

	/** The same with what stands beside it. */
	static @Nullable Usage decode(JsonNode usage, JsonNode tier) {
		Usage told = decode(usage);
		return (told != null) ? told.servedBy(BedrockJson.stringOrNull(tier.path("type"))) : null;
	}

	static @Nullable Usage decode(JsonNode usage) {
		if (!usage.has("inputTokens") && !usage.has("outputTokens")) {
			return null;
		}
		long read = BedrockJson.count(usage.path("cacheReadInputTokens"));
		long written = BedrockJson.count(usage.path("cacheWriteInputTokens"));
		return new Usage(BedrockJson.count(usage.path("inputTokens")) + read + written,
				BedrockJson.count(usage.path("outputTokens")), read, written, 0, 0, 0, false);
	}

}
