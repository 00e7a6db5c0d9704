package dev.llmproxy.testkit.fake;

/** Decides what a fake model answers. Must be thread-safe. */
@FunctionalInterface
public interface Behaviour {

	/**
	 * Answers a valid request.
	 * @param conversation what was asked
	 * @return what to answer
	 */
	Answer answer(Conversation conversation);

}
