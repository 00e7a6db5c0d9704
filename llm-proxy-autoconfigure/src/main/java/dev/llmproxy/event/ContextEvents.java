package dev.llmproxy.event;

import java.time.InstantSource;

import dev.llmproxy.context.ContextAction;
import dev.llmproxy.context.ContextListener;
import dev.llmproxy.event.GatewayEvent.ConversationCondensed;

/** Makes events of conversations that are shortened. Thread-safe. */
public final class ContextEvents implements ContextListener {

	private final EventBus bus;

	private final InstantSource clock;

	public ContextEvents(EventBus bus, InstantSource clock) {
		this.bus = bus;
		this.clock = clock;
	}

	@Override
	public void done(ContextAction action, long before, long after) {
		boolean shorter = switch (action) {
			case TRIMMED, TRIMMED_INSTEAD, SUMMARISED -> true;
			case REJECTED, FALLBACK -> false;
		};
		if (shorter && this.bus.wanted(EventType.CONVERSATION_CONDENSED)) {
			this.bus.publish(new ConversationCondensed(this.clock.instant(), action.label(), before, after));
		}
	}

	@Override
	public void summary(SummaryEvent event) {
		// What it was made for is told above.
	}

}
