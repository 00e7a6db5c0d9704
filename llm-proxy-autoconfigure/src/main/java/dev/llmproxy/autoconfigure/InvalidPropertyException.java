package dev.llmproxy.autoconfigure;

/** The configuration of who may call can't work. Never contains a key. */
final class InvalidAccessException extends RuntimeException {

	private final String action;

	InvalidAccessException(String property, String problem, String action) {
		super(property + ": " + problem);
		this.action = action;
	}

	String action() {
		return this.action;
	}

}
