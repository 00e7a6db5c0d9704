package dev.llmproxy.chat;

import org.jspecify.annotations.Nullable;

/**
 * Whether the model must, may or must not call tools.
 *
 * @param mode the rule
 * @param name the one tool to call; only with {@link Mode#NAMED}
 */
public record ToolChoice(Mode mode, @Nullable String name) {

	public static final ToolChoice AUTO = new ToolChoice(Mode.AUTO, null);

	public static final ToolChoice NONE = new ToolChoice(Mode.NONE, null);

	public static final ToolChoice REQUIRED = new ToolChoice(Mode.REQUIRED, null);

	public ToolChoice {
		if ((mode == Mode.NAMED) != (name != null)) {
			throw new IllegalArgumentException("A name goes with mode NAMED, and only with it");
		}
	}

	public static ToolChoice named(String name) {
		return new ToolChoice(Mode.NAMED, name);
	}

	/** How free the model is. */
	public enum Mode {

		AUTO, NONE, REQUIRED, NAMED

	}

}
