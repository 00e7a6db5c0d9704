package dev.llmproxy.autoconfigure;

import java.time.InstantSource;

import dev.llmproxy.event.AttemptEvents;
import dev.llmproxy.event.BreakerEvents;
import dev.llmproxy.event.BudgetEvents;
import dev.llmproxy.event.CacheEvents;
import dev.llmproxy.event.CallEvents;
import dev.llmproxy.event.ContextEvents;
import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.EventType;
import dev.llmproxy.event.GatewayEvent.ConfigurationChanged;
import dev.llmproxy.event.LimitEvents;
import dev.llmproxy.resilience.BreakerGate;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Makes events of what others tell. Each source is there only where somebody may want
 * what it makes, because some of them cost every call something.
 */
@AutoConfiguration(after = { EventAutoConfiguration.class, EventsEndpointAutoConfiguration.class,
		ResilienceAutoConfiguration.class })
@ConditionalOnBean(EventBus.class)
public final class EventSourcesAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnEvents({ EventType.CALL_STARTED, EventType.CALL_FIRST_TOKEN, EventType.CALL_ENDED })
	CallEvents llmCallEvents(EventBus bus) {
		return new CallEvents(bus, InstantSource.system());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnEvents(EventType.ATTEMPT_FAILED)
	AttemptEvents llmAttemptEvents(EventBus bus) {
		return new AttemptEvents(bus, InstantSource.system());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnEvents(EventType.LIMIT_HIT)
	LimitEvents llmLimitEvents(EventBus bus) {
		return new LimitEvents(bus, InstantSource.system());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnEvents(EventType.BUDGET_CROSSED)
	BudgetEvents llmBudgetEvents(EventBus bus) {
		return new BudgetEvents(bus, InstantSource.system());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnEvents(EventType.CACHE_EVICTED)
	CacheEvents llmCacheEvents(EventBus bus) {
		return new CacheEvents(bus, InstantSource.system());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnEvents(EventType.CONVERSATION_CONDENSED)
	ContextEvents llmContextEvents(EventBus bus) {
		return new ContextEvents(bus, InstantSource.system());
	}

	@Bean
	@ConditionalOnEvents(EventType.CONFIGURATION_CHANGED)
	ReloadListener llmReloadEvents(EventBus bus) {
		return (report) -> {
			if (report.outcome() == ReloadReport.Outcome.APPLIED && bus.wanted(EventType.CONFIGURATION_CHANGED)) {
				bus.publish(new ConfigurationChanged(report.time(), report.generation(), report.parts(),
						report.properties()));
			}
		};
	}

	/** Events of the application, where it wants some. */
	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnEvents(application = true)
	ApplicationEvents llmApplicationEvents(EventBus bus, EventDemand demand, EventProperties properties,
			ApplicationEventPublisher publisher) {
		return new ApplicationEvents(bus, demand.application(), properties.queue(), publisher);
	}

	@Bean
	@ConditionalOnBean(ApplicationEvents.class)
	EventDrops llmApplicationEventDrops(ApplicationEvents events) {
		return new EventDrops("application", events::dropped);
	}

	/** Breakers are there only with their library. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(CircuitBreaker.class)
	@ConditionalOnBean(BreakerGate.class)
	static class BreakerConfiguration {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnEvents(EventType.BREAKER_CHANGED)
		BreakerEvents llmBreakerEvents(BreakerGate breakers, EventBus bus) {
			BreakerEvents events = new BreakerEvents(bus, InstantSource.system());
			breakers.listen(events);
			return events;
		}

	}

}
