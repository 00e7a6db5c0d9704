package dev.llmproxy.context;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;

/** Says to a caller by how much its conversation is too long. */
final class ContextRefusals {

	private ContextRefusals() {
	}

	static LlmException of(Draft draft) {
		ContextPolicy.Budget budget = draft.budget();
		StringBuilder message = new StringBuilder("The prompt has ").append(draft.counter().exact() ? "" : "about ")
			.append(draft.before())
			.append(" tokens, and '")
			.append(draft.chat().model())
			.append("' takes prompts of at most ")
			.append(budget.tokens());
		if (budget.window() > 0) {
			message.append(": its context window has ")
				.append(budget.window())
				.append(" tokens, of which ")
				.append(budget.reserved())
				.append(" are kept for the answer");
		}
		message.append(". Shorten the conversation").append((budget.window() > 0) ? ", ask for a shorter answer" : "");
		message.append(", or choose another model.");
		return new LlmException(
				new LlmError(ErrorKind.CONTEXT_LENGTH, message.toString(), "context_length_exceeded", "messages"));
	}

}
