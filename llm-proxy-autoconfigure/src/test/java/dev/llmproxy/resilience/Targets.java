package dev.llmproxy.resilience;

import java.time.Duration;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Target;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;

/** Targets, and what becomes of attempts at them. */
final class Targets {

	private Targets() {
	}

	static Target target(String id) {
		return Target.of(new Fixed(id, false, Mono.just(answer())), "m");
	}

	static Target withSpareCredential(String id) {
		return Target.of(new Fixed(id, true, Mono.just(answer())), "m");
	}

	static Target answering(String id, Mono<LlmResponse> answer) {
		return Target.of(new Fixed(id, false, answer), "m");
	}

	static Attempt attempt(Target target) {
		return new Attempt(
				LlmRequest.builder(Operation.CHAT, Dialect.OPENAI).body(new byte[0], Envelope.none()).build(), target);
	}

	static LlmResponse answer() {
		return new LlmResponse(200, HttpHeaders.EMPTY, new ResponseBody.Json(Dialect.OPENAI, new byte[] { '{', '}' }),
				new Outcome());
	}

	static LlmException answered(int status) {
		return answered(status, null, null);
	}

	static LlmException answered(int status, String code, Duration retryAfter) {
		return new LlmException(new LlmError(ErrorKind.ofUpstreamStatus(status), "status " + status, code, null),
				new LlmException.Upstream(status, Dialect.OPENAI, new byte[0], false), retryAfter);
	}

	static LlmException refused() {
		return LlmException.connect(new LlmError(ErrorKind.UPSTREAM, "refused", "upstream_connect", null));
	}

	static AttemptEnd brokenOff(Attempt attempt) {
		Outcome outcome = new Outcome();
		outcome.error(new LlmError(ErrorKind.UPSTREAM, "cut"));
		return AttemptEnd.of(attempt, outcome);
	}

	private record Fixed(String name, boolean hasFreshCredential, Mono<LlmResponse> answer) implements Provider {

		@Override
		public boolean supports(Operation operation, Dialect dialect) {
			return true;
		}

		@Override
		public Mono<LlmResponse> execute(Attempt attempt) {
			return this.answer;
		}

	}

}
