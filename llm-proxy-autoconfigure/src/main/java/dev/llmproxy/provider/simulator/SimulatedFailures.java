package dev.llmproxy.provider.simulator;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmException;
import org.jspecify.annotations.Nullable;

/** The failures of simulated models, as the transport tells those of real ones. */
final class SimulatedFailures {

	/**
	 * What a refusal is written in: nothing that a caller speaks, so that every caller
	 * gets it in its own dialect.
	 */
	private static final Dialect NOBODYS = new Dialect("simulator");

	private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

	private final AtomicLong flakyCalls = new AtomicLong();

	/** How a model fails before it begins, if it does. */
	@Nullable LlmException beforeAnswer(SimulatedModel model) {
		return switch (model.behaviour()) {
			case ERROR -> refusal(model.status());
			case FLAKY -> (this.flakyCalls.getAndIncrement() % 2 == 0) ? refusal(503) : null;
			case CONTEXT_LENGTH -> refusal(400,
					new LlmError(ErrorKind.CONTEXT_LENGTH,
							"Simulated: the prompt does not fit the context window. Shorten the conversation.",
							"context_length_exceeded", "messages"));
			case CONTENT_POLICY -> refusal(400, new LlmError(ErrorKind.CONTENT_POLICY,
					"Simulated: the prompt was refused for its content.", "content_policy_violation", "messages"));
			default -> null;
		};
	}

	private static LlmException refusal(int status) {
		ErrorKind kind = ErrorKind.ofUpstreamStatus(status);
		if (kind == ErrorKind.UPSTREAM_AUTHENTICATION) {
			return refusal(status,
					new LlmError(kind,
							"Simulated: the provider refused the gateway's credentials (status " + status
									+ "). With a real provider this is for the operator to mend.",
							"upstream_authentication", null));
		}
		String code = switch (kind) {
			case RATE_LIMIT -> "rate_limit_exceeded";
			case OVERLOADED -> "overloaded";
			case TIMEOUT -> "timeout";
			case NOT_FOUND -> "model_not_found";
			case PAYLOAD_TOO_LARGE -> "request_too_large";
			case UPSTREAM -> "server_error";
			default -> "invalid_request";
		};
		return refusal(status, new LlmError(kind, "Simulated: the provider answered with status " + status + ".", code,
				(kind == ErrorKind.NOT_FOUND) ? "model" : null));
	}

	private static LlmException refusal(int status, LlmError error) {
		boolean presentable = error.kind() != ErrorKind.UPSTREAM_AUTHENTICATION;
		return new LlmException(error, new LlmException.Upstream(status, NOBODYS, new byte[0], presentable),
				(status == 429) ? RETRY_AFTER : null);
	}

	static LlmError stalled() {
		return new LlmError(ErrorKind.TIMEOUT, "Simulated: the provider did not answer in time.", "upstream_timeout",
				null);
	}

	static LlmError cut() {
		return new LlmError(ErrorKind.UPSTREAM, "Simulated: the connection to the provider broke.",
				"upstream_connection", null);
	}

}
