package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.Set;

import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.EventQueue;
import dev.llmproxy.event.EventType;
import dev.llmproxy.event.GatewayEvent;
import reactor.core.Disposable;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes events as events of the application, on a thread of its own: listeners there
 * may take their time, and nobody else waits for them.
 */
final class ApplicationEvents implements DisposableBean {

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final EventQueue<GatewayEvent> queue;

	private final Disposable listening;

	ApplicationEvents(EventBus bus, Set<EventType> types, int capacity, ApplicationEventPublisher publisher) {
		this.queue = new EventQueue<>("llm-application-events", capacity, publisher::publishEvent);
		this.queue.start();
		this.listening = bus.listen(types, this.queue::offer);
	}

	long dropped() {
		return this.queue.dropped();
	}

	@Override
	public void destroy() {
		this.listening.dispose();
		this.queue.close(PATIENCE);
	}

}
