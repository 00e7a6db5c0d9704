package dev.llmproxy.autoconfigure;

/** A property of the front can't work. Its message never contains a secret. */
final class InvalidPropertyException extends RuntimeException {

	private final String action;

	InvalidPropertyException(String property, String problem, String action) {
		super(property + ": " + problem);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
