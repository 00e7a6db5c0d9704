package dev.llmproxy.resilience;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptHandler;
import dev.llmproxy.provider.AttemptOrder;
import dev.llmproxy.provider.Timeouts;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Has targets fail, by chance or because a caller asks for it, so that an operator sees
 * what follows before it is real. It stands innermost: breakers, retries and meters take
 * the failures for the target's own. Thread-safe.
 */
public final class FaultInjectionFilter implements AttemptFilter {

	/** Nothing that a caller speaks, so that every caller is told in its own dialect. */
	private static final Dialect NOBODYS = new Dialect("injected");

	private final FaultSource source;

	/**
	 * Creates the filter.
	 * @param faults the first that is about a target and whose chance comes up happens
	 * @param random thread-safe
	 * @param header whether callers may ask for a fault in the header
	 * {@code llm-proxy-fault}
	 */
	public FaultInjectionFilter(List<InjectedFault> faults, RandomGenerator random, boolean header) {
		this(new ChosenFaults(faults, random, header));
	}

	public FaultInjectionFilter(FaultSource source) {
		this.source = source;
	}

	@Override
	public Mono<LlmResponse> filter(Attempt attempt, AttemptHandler next) {
		return Mono.defer(() -> {
			InjectedFault fault = this.source.next(attempt);
			if (fault == null) {
				return next.execute(attempt);
			}
			Mono<LlmResponse> failing = failing(fault, attempt, next);
			return fault.delay().isZero() ? failing : Mono.delay(fault.delay()).then(failing);
		});
	}

	private static Mono<LlmResponse> failing(InjectedFault fault, Attempt attempt, AttemptHandler next) {
		if (fault.stall()) {
			Timeouts clocks = attempt.timeouts();
			Duration patience = ((clocks != null) ? clocks : Timeouts.DEFAULT).firstToken();
			return Mono.delay(patience)
				.then(Mono.error(LlmException
					.exchange(new LlmError(ErrorKind.TIMEOUT, "Injected: the provider did not begin to answer in time.",
							"upstream_first_token_timeout", null))));
		}
		if (fault.status() != 0) {
			return Mono.error(refusal(fault));
		}
		return next.execute(attempt).map((response) -> (fault.cutAfter() >= 0) ? cut(response, fault) : response);
	}

	private static LlmException refusal(InjectedFault fault) {
		ErrorKind kind = ErrorKind.ofUpstreamStatus(fault.status());
		return new LlmException(
				new LlmError(kind, "Injected: the provider answered with status " + fault.status() + ".", "injected",
						null),
				new LlmException.Upstream(fault.status(), NOBODYS, new byte[0], true), fault.retryAfter());
	}

	private static LlmResponse cut(LlmResponse response, InjectedFault fault) {
		LlmException broken = LlmException
			.exchange(new LlmError(ErrorKind.UPSTREAM, "Injected: the connection broke.", "upstream_connection", null));
		if (response.body() instanceof ResponseBody.Wire wire) {
			return response.withBody(new ResponseBody.Wire(wire.dialect(), wire.framing(), wire.mediaType(),
					cut(wire.content(), fault.cutAfter(), broken)));
		}
		return (response.body() instanceof ResponseBody.Events events)
				? response.withBody(new ResponseBody.Events(cut(events.events(), fault.cutAfter(), broken))) : response;
	}

	private static <T> Flux<T> cut(Flux<T> body, int after, LlmException broken) {
		// Taking none would not subscribe, and so not end what is there.
		return body.take(Math.max(1, after)).concatWith(Mono.error(broken));
	}

	@Override
	public int getOrder() {
		return AttemptOrder.FAULT_INJECTION.order();
	}

}
