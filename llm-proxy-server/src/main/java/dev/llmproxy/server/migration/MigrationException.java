package dev.llmproxy.server.migration;

/** What was read is no such configuration. Its message shows nothing of it. */
public final class MigrationException extends RuntimeException {

	MigrationException(String message) {
		super(message);
	}

}
