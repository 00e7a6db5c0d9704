package dev.llmproxy.autoconfigure;

import java.util.function.ToDoubleFunction;

import dev.llmproxy.event.webhook.Webhook;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Counts events that were lost, and what became of messages to webhooks. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = "llm-proxy.metrics.enabled", matchIfMissing = true)
class EventMeterConfiguration {

	@Bean
	MeterBinder llmEventMeters(ObjectProvider<EventDrops> sinks, ObjectProvider<Webhooks> webhooks,
			ObjectProvider<EventWebhooks> first, ObjectProvider<ConfiguredAlerts> second) {
		return (registry) -> {
			sinks.forEach((sink) -> FunctionCounter
				.builder("llm.proxy.events.dropped", sink, (one) -> one.dropped().getAsLong())
				.description("Events that were lost because somebody was too slow")
				.tag("sink", sink.sink())
				.register(registry));
			// These two make webhooks.
			first.ifAvailable((made) -> {
			});
			second.ifAvailable((made) -> {
			});
			webhooks.ifAvailable((all) -> all.all().forEach((webhook) -> bind(registry, webhook)));
		};
	}

	private static void bind(MeterRegistry registry, Webhook webhook) {
		messages(registry, webhook, "delivered", (one) -> one.stats().delivered());
		messages(registry, webhook, "retried", (one) -> one.stats().retried());
		messages(registry, webhook, "failed", (one) -> one.stats().failed());
		messages(registry, webhook, "dropped", (one) -> one.stats().dropped());
		Gauge.builder("llm.proxy.webhook.open", webhook, (one) -> one.stats().open())
			.description("Messages to webhooks that wait, are under way or between two tries")
			.tag("webhook", webhook.name())
			.register(registry);
	}

	private static void messages(MeterRegistry registry, Webhook webhook, String outcome,
			ToDoubleFunction<Webhook> count) {
		FunctionCounter.builder("llm.proxy.webhook.messages", webhook, count)
			.description("Messages to webhooks: tries that failed, and what became of each in the end")
			.tag("webhook", webhook.name())
			.tag("outcome", outcome)
			.register(registry);
	}

}
