package dev.llmproxy.event.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dev.llmproxy.event.EventJson;
import dev.llmproxy.event.EventType;
import dev.llmproxy.event.GatewayEvent;
import dev.llmproxy.gateway.NamePattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Counts events within a window, in slots of a sixtieth of it. Thread-safe.
 */
public final class EventSignal implements Signal {

	private static final int SLOTS = 60;

	private final long[] counts = new long[SLOTS];

	private final EventType type;

	private final Map<String, String> tags;

	private final Duration window;

	private final boolean rate;

	private final long slotMillis;

	/** The slot of the last event or look. */
	private long last;

	/**
	 * Creates one that has counted nothing.
	 * @param tags patterns of what the event has to have, by the names of its JSON
	 * @param rate whether it tells how many there are in a second
	 */
	public EventSignal(EventType type, Map<String, String> tags, Duration window, boolean rate) {
		this.type = type;
		this.tags = Map.copyOf(tags);
		this.window = window;
		this.rate = rate;
		this.slotMillis = Math.max(1, window.toMillis() / SLOTS);
	}

	public EventType type() {
		return this.type;
	}

	/** An event of the type. */
	public void accept(GatewayEvent event) {
		if (matches(event)) {
			count(event.time());
		}
	}

	private boolean matches(GatewayEvent event) {
		if (this.tags.isEmpty()) {
			return true;
		}
		ObjectNode data = EventJson.data(event);
		return this.tags.entrySet().stream().allMatch((tag) -> {
			JsonNode value = data.get(tag.getKey());
			return value != null && NamePattern.matches(tag.getValue(), value.asString());
		});
	}

	private synchronized void count(Instant time) {
		long slot = time.toEpochMilli() / this.slotMillis;
		advance(slot);
		if (slot > this.last - SLOTS) {
			this.counts[(int) (slot % SLOTS)]++;
		}
	}

	private void advance(long slot) {
		if (slot <= this.last) {
			return;
		}
		for (long next = Math.max(this.last + 1, slot - SLOTS + 1); next <= slot; next++) {
			this.counts[(int) (next % SLOTS)] = 0;
		}
		this.last = slot;
	}

	@Override
	public synchronized Double read(Instant now) {
		advance(now.toEpochMilli() / this.slotMillis);
		long sum = 0;
		for (long count : this.counts) {
			sum += count;
		}
		return this.rate ? sum / (this.window.toMillis() / 1000.0) : sum;
	}

}
