package dev.llmproxy.event;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.Usage;
import dev.llmproxy.event.GatewayEvent.CallEnded;
import dev.llmproxy.event.GatewayEvent.CallFirstToken;
import dev.llmproxy.event.GatewayEvent.CallStarted;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.observability.call.CallListener;
import dev.llmproxy.observability.call.CallRecord;

/** Makes events of calls. Thread-safe. */
public final class CallEvents implements CallListener {

	private final EventBus bus;

	private final InstantSource clock;

	public CallEvents(EventBus bus, InstantSource clock) {
		this.bus = bus;
		this.clock = clock;
	}

	@Override
	public void began(LlmRequest request) {
		if (this.bus.wanted(EventType.CALL_STARTED)) {
			this.bus.publish(
					new CallStarted(this.clock.instant(), request.id(), request.caller().id(), request.caller().team(),
							request.operation().operationName(), Names.cut(request.model()), request.stream()));
		}
	}

	@Override
	public void answered(LlmRequest request, long nanos) {
		if (this.bus.wanted(EventType.CALL_FIRST_TOKEN)) {
			this.bus.publish(new CallFirstToken(this.clock.instant(), request.id(), request.caller().id(),
					Names.cut(request.model()), Names.cutIfAny(request.trail().route()), millis(nanos)));
		}
	}

	@Override
	public void ended(CallRecord call) {
		if (this.bus.wanted(EventType.CALL_ENDED)) {
			this.bus.publish(event(call));
		}
	}

	private CallEnded event(CallRecord call) {
		AttemptRecord last = call.last();
		Usage usage = call.usage();
		return new CallEnded(this.clock.instant(), call.id(), call.caller().id(), call.caller().team(),
				call.operation().operationName(), Names.cut(call.model()), call.stream(), Names.cutIfAny(call.route()),
				(last != null) ? last.provider() : null, (last != null) ? Names.cut(last.target()) : null,
				call.attempts().size(), call.end().label(), call.status(), Names.kind(call.error()),
				millis(call.duration()), (call.firstToken() >= 0) ? millis(call.firstToken()) : null,
				(usage != null) ? usage.inputTokens() : null, (usage != null) ? usage.outputTokens() : null,
				call.cost(), call.estimated(), Names.cutIfAny(call.cache()), Names.cutIfAny(call.context()));
	}

	private static long millis(long nanos) {
		return TimeUnit.NANOSECONDS.toMillis(nanos);
	}

}
