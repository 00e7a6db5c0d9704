package dev.llmproxy.autoconfigure;

import java.util.function.Supplier;

/** A property of the front can't work. Its message never contains a secret. */
final class InvalidPropertyException extends RuntimeException {

	private final String action;

	InvalidPropertyException(String property, String problem, String action) {
		super(property + ": " + problem);
		this.action = action;
	}

	/** Makes something of properties, and says which ones if they are refused. */
	static <T> T checked(String property, Supplier<T> maker) {
		try {
			return maker.get();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException(property, String.valueOf(ex.getMessage()),
					"Correct it, or leave it out for the default.");
		}
	}

	String action() {
		return this.action;
	}

}
