package dev.llmproxy.dialect.gemini;

import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.dialect.Dialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code thoughtSignature}: Base64 that may stand on a part of any kind. On a function
 * call it is canonically the call's, on a thought the thought's. On any other part it is
 * an empty {@link Part.Reasoning} right behind that part, and goes back onto it.
 */
final class GeminiSignatures {

	/**
	 * Stands for the signature of a call that Gemini did not make, which Gemini 3 refuses
	 * otherwise; from the
	 * <a href="https://ai.google.dev/gemini-api/docs/thought-signatures">guide</a>. Of
	 * the two values there, this is the one that Vertex AI documents too.
	 */
	static final String NOT_GEMINIS = "skip_thought_signature_validator";

	private static final String FIELD = "thoughtSignature";

	/** Tells encrypted thoughts of others, which this dialect has no place for. */
	private static final String REDACTED = "redacted:";

	private GeminiSignatures() {
	}

	static Signature read(String text) {
		return Signature.parse(text, Dialect.GEMINI.name());
	}

	/** A thought with its signature, or the encrypted one that is hidden in it. */
	static Part.Reasoning reasoning(String text, @Nullable Signature signature) {
		Signature redacted = redacted(signature);
		return (redacted != null) ? new Part.Reasoning(text, null, redacted) : new Part.Reasoning(text, signature);
	}

	static @Nullable Signature redacted(@Nullable Signature signature) {
		if (signature == null || !signature.value().startsWith(REDACTED)) {
			return null;
		}
		return new Signature(signature.origin(), signature.value().substring(REDACTED.length()));
	}

	static boolean isOwn(@Nullable Signature signature) {
		return signature != null && Dialect.GEMINI.name().equals(signature.origin());
	}

	/** Whether it only carries the signature of a neighbour. */
	static boolean isForNeighbour(Part part) {
		return part instanceof Part.Reasoning reasoning && reasoning.text().isEmpty() && reasoning.redacted() == null
				&& isOwn(reasoning.signature());
	}

	static void write(ObjectNode part, @Nullable Signature signature) {
		if (signature != null) {
			part.put(FIELD, signature.in(Dialect.GEMINI.name()));
		}
	}

	static void writeRedacted(ObjectNode part, Signature data) {
		write(part, new Signature(data.origin(), REDACTED + data.value()));
	}

	static void writeNotGeminis(ObjectNode part) {
		part.put(FIELD, NOT_GEMINIS);
	}

	static boolean isOn(ObjectNode part) {
		return part.has(FIELD);
	}

}
