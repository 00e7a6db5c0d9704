package dev.llmproxy.event;

import java.time.InstantSource;

import dev.llmproxy.cache.CacheListener;
import dev.llmproxy.event.GatewayEvent.CacheEvicted;

/** Makes events of answers that had to make room. Thread-safe. */
public final class CacheEvents implements CacheListener {

	private final EventBus bus;

	private final InstantSource clock;

	public CacheEvents(EventBus bus, InstantSource clock) {
		this.bus = bus;
		this.clock = clock;
	}

	@Override
	public void evicted() {
		if (this.bus.wanted(EventType.CACHE_EVICTED)) {
			this.bus.publish(new CacheEvicted(this.clock.instant(), "size"));
		}
	}

}
