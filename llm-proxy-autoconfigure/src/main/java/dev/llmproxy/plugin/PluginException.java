package dev.llmproxy.plugin;

import org.jspecify.annotations.Nullable;

/** A plugin can't be loaded. Its message is for the operator, and has no secrets. */
public final class PluginException extends RuntimeException {

	private final String action;

	PluginException(String problem, String action, @Nullable Throwable cause) {
		super(problem, cause);
		this.action = action;
	}

	/** What to do about it. */
	public String action() {
		return this.action;
	}

}
