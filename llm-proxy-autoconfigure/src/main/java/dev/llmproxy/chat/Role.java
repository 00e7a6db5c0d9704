package dev.llmproxy.chat;

/** Who speaks in a {@link Message}. */
public enum Role {

	/** Instructions above the conversation. */
	SYSTEM,

	/**
	 * OpenAI's successor of {@link #SYSTEM} for reasoning models; others take it as such.
	 */
	DEVELOPER,

	USER,

	ASSISTANT,

	/** Carries {@link Part.ToolResult}s. */
	TOOL

}
