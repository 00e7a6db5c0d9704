package dev.llmproxy.dialect.anthropic;

import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Proofs of thoughts. The dialect's only place for one is a block of thoughts. Gemini
 * signs calls as well: such a proof stands in a block without text before the call, with
 * an origin that tells it from thoughts whose text was withheld.
 */
final class AnthropicSignatures {

	private static final String HOME = Dialect.ANTHROPIC.name();

	private static final String OF_CALL = "call.";

	private AnthropicSignatures() {
	}

	static boolean isForeign(Signature signature) {
		return !signature.origin().equals(HOME);
	}

	static @Nullable Signature decode(@Nullable String text) {
		return (text == null || text.isEmpty()) ? null : Signature.parse(text, HOME);
	}

	/** The text for a block; empty where there is no proof, as the member is required. */
	static String encode(@Nullable Signature signature) {
		return (signature != null) ? signature.in(HOME) : "";
	}

	/** The text for the block before a call. */
	static String encodeOfCall(Signature signature) {
		return new Signature(OF_CALL + signature.origin(), signature.value()).in(HOME);
	}

	/**
	 * The proof of the call after a block of thoughts.
	 * @return {@code null} if the block, or the proof, is that of thoughts
	 */
	static @Nullable Signature ofCall(JsonNode block) {
		boolean empty = "thinking".equals(AnthropicJson.textOrNull(block.path("type")))
				&& AnthropicJson.textOrEmpty(block.path("thinking")).isEmpty();
		return empty ? ofCall(decode(AnthropicJson.textOrNull(block.path("signature")))) : null;
	}

	/** The proof as the call has it, if it is one of a call. */
	static @Nullable Signature ofCall(@Nullable Signature signature) {
		return (signature != null && signature.origin().startsWith(OF_CALL))
				? new Signature(signature.origin().substring(OF_CALL.length()), signature.value()) : null;
	}

}
