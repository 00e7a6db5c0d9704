package dev.llmproxy.dialect;

import java.util.regex.Pattern;

/**
 * A wire format of LLM APIs, by name. Not an enum, so that an application can add its
 * own.
 *
 * @param name lower case words joined by {@code -}; also the origin of
 * {@link dev.llmproxy.chat.Signature signatures}
 */
public record Dialect(String name) {

	private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

	/** OpenAI Chat Completions, and the shape of OpenAI's other endpoints. */
	public static final Dialect OPENAI = new Dialect("openai");

	/** OpenAI Completions, the older text-in text-out form; inbound only. */
	public static final Dialect COMPLETIONS = new Dialect("completions");

	/** OpenAI Responses. */
	public static final Dialect RESPONSES = new Dialect("responses");

	/** Anthropic Messages. */
	public static final Dialect ANTHROPIC = new Dialect("anthropic");

	/** Gemini and Vertex AI {@code generateContent}. */
	public static final Dialect GEMINI = new Dialect("gemini");

	/** Amazon Bedrock Converse; upstream only. */
	public static final Dialect BEDROCK = new Dialect("bedrock");

	public Dialect {
		if (!NAME.matcher(name).matches()) {
			throw new IllegalArgumentException("Not a dialect name: " + name);
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

}
