package dev.llmproxy.autoconfigure;

import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.LiveFeed;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code llmevents}, where it is exposed by a reactive server. */
@AutoConfiguration(after = EventAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBean(EventBus.class)
public final class EventsEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(endpoint = EventsEndpoint.class)
	LiveFeed llmLiveFeed(EventBus bus, EventProperties properties) {
		EventProperties.Live live = properties.live();
		return InvalidPropertyException.checked("llm-proxy.events.live",
				() -> new LiveFeed(bus, live.clients(), live.queue(), live.heartbeat()));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint
	EventsEndpoint llmEventsEndpoint(LiveFeed feed) {
		return new EventsEndpoint(feed);
	}

	@Bean
	@ConditionalOnBean(LiveFeed.class)
	EventDrops llmLiveFeedDrops(LiveFeed feed) {
		return new EventDrops("live", feed::dropped);
	}

	/** A server that stops waits for what goes on, and this would go on for ever. */
	@Bean
	@ConditionalOnBean(LiveFeed.class)
	SmartLifecycle llmLiveFeedLifecycle(LiveFeed feed) {
		return new StopLifecycle(Integer.MAX_VALUE, feed::close);
	}

}
