package dev.llmproxy.observability;

import java.time.Instant;
import java.util.List;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.observability.call.CallRecord;
import dev.llmproxy.observability.cost.Charge;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Target;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;

/** Calls, attempts and what they cost, as meters are told of them. */
final class Calls {

	private static final long MILLIS = 1_000_000;

	private Calls() {
	}

	static LlmRequest request(String model, boolean stream) {
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.body(new byte[0], Envelope.none().withModel(model).withStream(stream))
			.build();
	}

	static Attempt attempt(String provider, String model, Attempt.Kind kind, boolean stream) {
		return new Attempt(request("route", stream), Target.of(new Vendor(provider, provider + ".vendor"), model), 1,
				kind, null, "route");
	}

	static LlmResponse answer(Outcome outcome) {
		return new LlmResponse(200, HttpHeaders.EMPTY, new ResponseBody.Json(Dialect.OPENAI, new byte[] { '{', '}' }),
				outcome);
	}

	static Outcome used(Usage usage, long frames) {
		Outcome outcome = new Outcome();
		outcome.usage(usage);
		outcome.produced(frames, frames * 256);
		return outcome;
	}

	static LlmError error(ErrorKind kind) {
		return new LlmError(kind, "It failed.");
	}

	static CallRecord succeeded(@Nullable String route, String model, boolean stream, @Nullable Usage usage) {
		return call(route, model, stream, CallRecord.End.SUCCEEDED, 40, usage, null);
	}

	/**
	 * A call that took a tenth of a second, 2 ms of which are our own.
	 * @param firstToken in milliseconds; -1 for none
	 */
	static CallRecord call(@Nullable String route, String model, boolean stream, CallRecord.End end, long firstToken,
			@Nullable Usage usage, @Nullable LlmError error) {
		List<AttemptRecord> attempts = (route != null)
				? List.of(new AttemptRecord("up/" + model, "up", model, "first", null, MILLIS)) : List.of();
		return new CallRecord("req_1", Caller.APPLICATION, Operation.CHAT, Dialect.OPENAI, model, stream, route, null,
				Instant.EPOCH, 100 * MILLIS, (firstToken >= 0) ? firstToken * MILLIS : -1, 2 * MILLIS, 200, end,
				attempts, usage, null, null, false, error, null, null, 10, 10);
	}

	static Charge charge(String route, String model, Usage usage, @Nullable Long cost) {
		return new Charge("req_1", 1, Attempt.Kind.FIRST, Instant.EPOCH, Caller.APPLICATION, Operation.CHAT, route,
				"up", "openai", "up/" + model, model, usage, cost, true);
	}

	/** Somebody who is never asked. */
	private record Vendor(String name, String vendor) implements Provider {

		@Override
		public boolean supports(Operation operation, Dialect dialect) {
			return true;
		}

		@Override
		public Mono<LlmResponse> execute(Attempt attempt) {
			return Mono.empty();
		}

	}

}
