package dev.llmproxy.server.command;

/**
 * What was given can't be worked with. Its message is for people, and tells no secret.
 */
final class CommandException extends RuntimeException {

	CommandException(String message) {
		super(message);
	}

}
