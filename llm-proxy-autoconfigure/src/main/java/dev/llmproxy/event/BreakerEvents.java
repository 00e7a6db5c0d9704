package dev.llmproxy.event;

import java.time.InstantSource;

import dev.llmproxy.event.GatewayEvent.BreakerChanged;
import dev.llmproxy.resilience.BreakerListener;

/** Makes events of breakers that turn. Thread-safe. */
public final class BreakerEvents implements BreakerListener {

	private final EventBus bus;

	private final InstantSource clock;

	public BreakerEvents(EventBus bus, InstantSource clock) {
		this.bus = bus;
		this.clock = clock;
	}

	@Override
	public void turned(String target, String from, String to) {
		if (this.bus.wanted(EventType.BREAKER_CHANGED)) {
			this.bus.publish(new BreakerChanged(this.clock.instant(), Names.cut(target), from, to));
		}
	}

}
