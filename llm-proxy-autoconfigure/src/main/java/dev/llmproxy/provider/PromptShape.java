package dev.llmproxy.provider;

/**
 * What a provider adds to the texts of a prompt, in tokens.
 *
 * @param message around each turn, the role included
 * @param name beside a participant's name
 * @param reply that begins the answer
 * @param tools once, if there are any
 * @param tool around each tool
 */
public record PromptShape(int message, int name, int reply, int tools, int tool) {

	/** About what chat templates of open models add. */
	public static final PromptShape CHAT = new PromptShape(4, 1, 3, 0, 8);

}
