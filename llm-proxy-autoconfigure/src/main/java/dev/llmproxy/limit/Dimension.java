package dev.llmproxy.limit;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;

/** What a rule counts separately. */
public enum Dimension {

	/** The caller, by its id. */
	KEY {

		@Override
		@Nullable String of(LlmRequest request) {
			return request.caller().id();
		}

	},

	/** The caller's team. */
	TEAM {

		@Override
		@Nullable String of(LlmRequest request) {
			return request.caller().team();
		}

	},

	/**
	 * The end user, as the caller says: in the header {@code llm-proxy-user}, or where
	 * its dialect has a place for it.
	 */
	USER {

		@Override
		@Nullable String of(LlmRequest request) {
			String header = request.hint(USER_HEADER);
			String user = (header != null) ? header : request.envelope().user();
			return (user != null || !nested(request)) ? user : decoded(request);
		}

		private static boolean nested(LlmRequest request) {
			// Anthropic's place for it is not at the top level.
			return request.operation() == Operation.CHAT && request.dialect().equals(Dialect.ANTHROPIC);
		}

		private static @Nullable String decoded(LlmRequest request) {
			try {
				ChatRequest chat = request.chat();
				return chat.user();
			}
			catch (RuntimeException ex) {
				// The same error comes up again where it is told.
				return null;
			}
		}

	},

	/** The model, as the caller names it. */
	MODEL {

		@Override
		@Nullable String of(LlmRequest request) {
			return request.model();
		}

	};

	static final String USER_HEADER = "llm-proxy-user";

	/** Whom a request counts for; {@code null} if for nobody. */
	abstract @Nullable String of(LlmRequest request);

}
