package dev.llmproxy.dialect.anthropic;

import java.util.regex.Pattern;

/** Identifiers of tool calls: the API takes letters, digits, {@code _} and {@code -}. */
final class AnthropicToolIds {

	private static final Pattern FOREIGN = Pattern.compile("[^a-zA-Z0-9_-]");

	private AnthropicToolIds() {
	}

	/**
	 * The identifier itself, or a legal one that only this one gives. A call and its
	 * result are encoded apart and have to meet again.
	 */
	static String encode(String id) {
		String legal = FOREIGN.matcher(id).replaceAll("_");
		return (legal.equals(id) && !id.isEmpty()) ? id : legal + "_" + Integer.toHexString(id.hashCode());
	}

}
