package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.Map;

import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.webhook.DeadLetters;
import dev.llmproxy.event.webhook.Webhook;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.util.ClassUtils;

/** What happens in the gateway, for whoever wants to hear it. */
@AutoConfiguration
@EnableConfigurationProperties(EventProperties.class)
@Import({ RedisEventConfiguration.class, EventMeterConfiguration.class })
public final class EventAutoConfiguration {

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	@Bean(destroyMethod = "")
	@ConditionalOnMissingBean
	EventBus llmEventBus(EventProperties properties) {
		if (properties.redis().enabled() && !ClassUtils.isPresent(RedisEventConfiguration.CLIENT, null)) {
			throw new InvalidPropertyException("llm-proxy.events.redis.enabled",
					"events can't be appended because the application has no client for Redis",
					"Add the dependency org.springframework.boot:spring-boot-starter-data-redis, or set it to false.");
		}
		return InvalidPropertyException.checked("llm-proxy.events.queue", () -> new EventBus(properties.queue()));
	}

	@Bean
	EventDrops llmEventBusDrops(EventBus bus) {
		return new EventDrops("bus", bus::dropped);
	}

	/** Tells what waits after everybody who has something to tell has stopped. */
	@Bean
	SmartLifecycle llmEventLifecycle(EventBus bus) {
		return new StopLifecycle(Integer.MIN_VALUE, () -> bus.close(PATIENCE));
	}

	@Bean
	Webhooks llmWebhooks(EventProperties properties) {
		EventProperties.DeadLetters letters = properties.deadLetters();
		return new Webhooks(InvalidPropertyException.checked("llm-proxy.events.dead-letters",
				() -> new DeadLetters(letters.file(), letters.maxSize().toBytes(), letters.maxFiles())));
	}

	@Bean
	EventWebhooks llmEventWebhooks(EventProperties properties, EventBus bus, Webhooks webhooks) {
		EventWebhooks told = new EventWebhooks();
		for (Map.Entry<String, EventProperties.Webhook> entry : properties.webhooks().entrySet()) {
			String property = "llm-proxy.events.webhooks." + entry.getKey();
			Webhook webhook = webhooks.add(ConfiguredWebhook.read(property, entry.getKey(), entry.getValue()));
			told.add(bus.listen(ConfiguredWebhook.types(property + ".events", entry.getValue().events()),
					webhook::send));
		}
		return told;
	}

}
