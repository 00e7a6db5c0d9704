package dev.llmproxy.event;

import java.time.InstantSource;

import dev.llmproxy.event.GatewayEvent.LimitHit;
import dev.llmproxy.limit.FailureMode;
import dev.llmproxy.limit.LimitListener;
import dev.llmproxy.limit.Limited;

/** Makes events of calls that a limit refuses. Thread-safe. */
public final class LimitEvents implements LimitListener {

	private final EventBus bus;

	private final InstantSource clock;

	public LimitEvents(EventBus bus, InstantSource clock) {
		this.bus = bus;
		this.clock = clock;
	}

	@Override
	public void admitted(String quota) {
		// Nothing happened.
	}

	@Override
	public void refused(String quota, Limited limited) {
		if (this.bus.wanted(EventType.LIMIT_HIT)) {
			this.bus.publish(new LimitHit(this.clock.instant(), quota, limited.label()));
		}
	}

	@Override
	public void uncounted(FailureMode mode) {
		// A store that is away is told by the log and by meters.
	}

}
