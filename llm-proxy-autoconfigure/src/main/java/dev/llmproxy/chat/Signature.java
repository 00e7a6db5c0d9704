package dev.llmproxy.chat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * An opaque proof that a provider attaches to reasoning and wants back unchanged in the
 * next turn (Anthropic {@code signature}, Gemini {@code thoughtSignature}, Responses
 * {@code encrypted_content}). It means something only to the dialect it came from, so it
 * travels through foreign dialects with that origin attached.
 *
 * @param origin the name of the dialect it came from
 * @param value the provider's bytes, as text
 */
public record Signature(String origin, String value) {

	private static final String MARK = "llmproxy:";

	/**
	 * {@link #MARK} in Base64; nine bytes, so the twelve characters are a true prefix.
	 */
	private static final String ENCODED_MARK = "bGxtcHJveHk6";

	/**
	 * The form to write into a dialect: the value itself at home, a Base64 text that
	 * {@link #parse} understands abroad.
	 */
	public String in(String dialect) {
		if (dialect.equals(this.origin)) {
			return this.value;
		}
		String marked = MARK + this.origin + ":" + this.value;
		return Base64.getEncoder().encodeToString(marked.getBytes(StandardCharsets.UTF_8));
	}

	/** Reads what {@link #in} wrote; anything else belongs to {@code dialect} itself. */
	public static Signature parse(String text, String dialect) {
		if (text.startsWith(ENCODED_MARK)) {
			try {
				String marked = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
				int colon = marked.indexOf(':', MARK.length());
				if (colon > 0) {
					return new Signature(marked.substring(MARK.length(), colon), marked.substring(colon + 1));
				}
			}
			catch (IllegalArgumentException ex) {
				// Not ours after all.
			}
		}
		return new Signature(dialect, text);
	}

}
