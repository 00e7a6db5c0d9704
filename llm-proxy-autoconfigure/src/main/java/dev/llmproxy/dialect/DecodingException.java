package dev.llmproxy.dialect;

/**
 * A provider's answer is not what its dialect promises: malformed, or cut off. The
 * message never holds content. Carries no stack trace.
 */
public final class DecodingException extends RuntimeException {

	public DecodingException(String message) {
		super(message, null, false, false);
	}

}
