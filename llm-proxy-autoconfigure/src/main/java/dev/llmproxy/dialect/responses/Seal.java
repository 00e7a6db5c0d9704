package dev.llmproxy.dialect.responses;

import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.Dialect;
import tools.jackson.databind.JsonNode;

/**
 * What the {@code encrypted_content} of a reasoning item stands for. OpenAI's own goes in
 * and out as it is: the item's {@code id} is not needed with it, and one that is not
 * stored must not be named, so the content alone is the signature.
 * <p>
 * Of other dialects' proofs there are three kinds, and only this one place to put them:
 * of a thought, of thoughts that are encrypted altogether, and of a tool call. An item
 * without text, directly before a {@code function_call}, is the proof of that call; so
 * the other two say in the origin what they are where they have no text.
 */
record Seal(Kind kind, Signature signature) {

	static final String HOME = Dialect.RESPONSES.name();

	private static final String THOUGHT = "/thought";

	private static final String REDACTED = "/redacted";

	/** The form of a thought's proof. */
	static String ofThought(Signature signature, boolean withText) {
		return withText ? signature.in(HOME) : marked(signature, THOUGHT);
	}

	/** The form of encrypted thoughts. */
	static String ofRedacted(Signature data) {
		return marked(data, REDACTED);
	}

	/** The form of a tool call's proof. */
	static String ofCall(Signature signature) {
		return signature.in(HOME);
	}

	private static String marked(Signature signature, String mark) {
		return isHome(signature) ? signature.value()
				: new Signature(signature.origin() + mark, signature.value()).in(HOME);
	}

	static boolean isHome(Signature signature) {
		return signature.origin().equals(HOME);
	}

	static Seal read(String encryptedContent, boolean withText) {
		Signature signature = Signature.parse(encryptedContent, HOME);
		String origin = signature.origin();
		if (origin.endsWith(REDACTED)) {
			return new Seal(Kind.REDACTED, unmarked(signature, REDACTED));
		}
		if (origin.endsWith(THOUGHT)) {
			return new Seal(Kind.THOUGHT, unmarked(signature, THOUGHT));
		}
		return new Seal((withText || isHome(signature)) ? Kind.THOUGHT : Kind.CALL_OR_THOUGHT, signature);
	}

	private static Signature unmarked(Signature signature, String mark) {
		String origin = signature.origin();
		return new Signature(origin.substring(0, origin.length() - mark.length()), signature.value());
	}

	/**
	 * The readable part of a reasoning item: the thoughts where the model shows them, or
	 * else their summary; paragraphs are joined by a blank line.
	 */
	static String text(JsonNode item) {
		String thoughts = paragraphs(item.path("content"));
		return thoughts.isEmpty() ? paragraphs(item.path("summary")) : thoughts;
	}

	private static String paragraphs(JsonNode parts) {
		StringBuilder joined = new StringBuilder();
		for (JsonNode part : parts) {
			String text = part.path("text").asString("");
			if (!text.isEmpty()) {
				joined.append(joined.isEmpty() ? "" : "\n\n").append(text);
			}
		}
		return joined.toString();
	}

	/** What is sealed. */
	enum Kind {

		THOUGHT, REDACTED,

		/** A tool call if one follows at once, otherwise a thought. */
		CALL_OR_THOUGHT

	}

}
