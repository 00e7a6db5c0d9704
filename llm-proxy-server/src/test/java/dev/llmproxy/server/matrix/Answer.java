package dev.llmproxy.server.matrix;

import java.util.List;

/**
 * What an SDK made of an answer.
 *
 * @param turn the assistant's turn as the SDK's users send it back: what the dialect
 * calls a message, items or a content
 * @param inputTokens as told; 0 where not
 */
record Answer(String text, String reasoning, List<Call> calls, String finish, long inputTokens, long outputTokens,
		Object turn) {

	/**
	 * A call of a tool.
	 *
	 * @param arguments JSON
	 */
	record Call(String id, String name, String arguments) {
	}

}
