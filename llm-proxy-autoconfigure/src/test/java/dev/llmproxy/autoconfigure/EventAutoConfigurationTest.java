package dev.llmproxy.autoconfigure;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.llmproxy.cache.CacheListener;
import dev.llmproxy.context.ContextListener;
import dev.llmproxy.event.AttemptEvents;
import dev.llmproxy.event.BreakerEvents;
import dev.llmproxy.event.CacheEvents;
import dev.llmproxy.event.CallEvents;
import dev.llmproxy.event.ContextEvents;
import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.EventType;
import dev.llmproxy.event.GatewayEvent;
import dev.llmproxy.event.GatewayEvent.LimitHit;
import dev.llmproxy.event.LimitEvents;
import dev.llmproxy.event.LiveFeed;
import dev.llmproxy.event.redis.RedisEventStream;
import dev.llmproxy.limit.LimitFilter;
import dev.llmproxy.limit.LimitListener;
import dev.llmproxy.limit.Limited;
import dev.llmproxy.observability.CacheMeters;
import dev.llmproxy.observability.ContextMeters;
import dev.llmproxy.observability.LimitMeters;
import dev.llmproxy.observability.call.CallListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;

class EventAutoConfigurationTest {

	private static final AutoConfigurations EVENTS = AutoConfigurations.of(EventAutoConfiguration.class,
			EventsEndpointAutoConfiguration.class, EventSourcesAutoConfiguration.class, AlertAutoConfiguration.class,
			LimitAutoConfiguration.class, CacheAutoConfiguration.class, ContextAutoConfiguration.class,
			CallObservationAutoConfiguration.class, ObservabilityAutoConfiguration.class,
			ReloadAutoConfiguration.class);

	private static final String HOOK = "llm-proxy.events.webhooks.ops.";

	private static final String SECRET = "canary-5d21-0123456789";

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(EVENTS)
		.withPropertyValues("llm-proxy.providers.up.type=ollama");

	@Test
	void callsPayNothingWhereNobodyListens() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(EventBus.class)
				.doesNotHaveBean(CallListener.class)
				.doesNotHaveBean(AttemptEvents.class)
				.doesNotHaveBean(LimitListener.class)
				.doesNotHaveBean(CacheListener.class)
				.doesNotHaveBean(ContextListener.class)
				.doesNotHaveBean(BreakerEvents.class)
				.doesNotHaveBean(ApplicationEvents.class)
				.doesNotHaveBean(LiveFeed.class)
				.doesNotHaveBean(RedisEventStream.class);
			assertThat(EventType.values()).noneMatch(context.getBean(EventBus.class)::wanted);
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("llm-webhook") || name.equals("llm-alerts"));
		});
	}

	@Test
	void anApplicationIsToldOfWhatItHasMethodsFor() {
		this.runner.withUserConfiguration(Methods.class).run((context) -> {
			assertThat(context).hasSingleBean(LimitEvents.class)
				.doesNotHaveBean(CallListener.class)
				.doesNotHaveBean(AttemptEvents.class);
			context.getBean(LimitListener.class).refused("per-key", Limited.TOKENS);
			Methods methods = context.getBean(Methods.class);
			Awaitility.await().until(() -> !methods.heard.isEmpty());
			assertThat(methods.heard.get(0).limit()).isEqualTo("per-key");
			assertThat(methods.threads).containsOnly("llm-application-events");
		});
	}

	@Test
	void anApplicationIsToldOfWhatItHasListenersFor() {
		this.runner.withUserConfiguration(Listeners.class)
			.run((context) -> assertThat(context).hasSingleBean(CallEvents.class)
				.doesNotHaveBean(AttemptEvents.class)
				.doesNotHaveBean(LimitEvents.class));
		this.runner.withInitializer((context) -> context.addApplicationListener(new EveryEvent()))
			.run((context) -> assertThat(context).hasSingleBean(CallEvents.class)
				.hasSingleBean(AttemptEvents.class)
				.hasSingleBean(LimitEvents.class)
				.hasSingleBean(CacheEvents.class)
				.hasSingleBean(ContextEvents.class)
				.hasSingleBean(ApplicationEvents.class));
	}

	@Test
	void publishingIsTheOperatorsChoice() {
		this.runner.withUserConfiguration(Methods.class)
			.withPropertyValues("llm-proxy.events.publish=never")
			.run((context) -> assertThat(context).doesNotHaveBean(LimitEvents.class)
				.doesNotHaveBean(ApplicationEvents.class));
		this.runner.withPropertyValues("llm-proxy.events.publish=always")
			.run((context) -> assertThat(context).hasSingleBean(CallEvents.class)
				.hasSingleBean(LimitEvents.class)
				.hasSingleBean(ApplicationEvents.class));
	}

	@Test
	void metersAndEventsBothHear() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		this.runner.withBean(MeterRegistry.class, () -> registry)
			.withPropertyValues("llm-proxy.events.publish=always")
			.run((context) -> {
				assertThat(context).hasSingleBean(LimitMeters.class)
					.hasSingleBean(LimitEvents.class)
					.hasSingleBean(CacheMeters.class)
					.hasSingleBean(CacheEvents.class)
					.hasSingleBean(ContextMeters.class)
					.hasSingleBean(ContextEvents.class)
					.hasSingleBean(LimitFilter.class);
				LimitListener.all(context.getBeanProvider(LimitListener.class).orderedStream().toList())
					.refused("per-key", Limited.TOKENS);
				assertThat(registry.get("llm.proxy.limit.decisions").tag("outcome", "refused").counter().count())
					.isEqualTo(1);
			});
	}

	@Test
	void webhooksHaveTheSourcesThatTheyNeedAndMeters() {
		this.runner.withPropertyValues(HOOK + "url=http://127.0.0.1:1/x", HOOK + "events=attempt.failed,breaker.*")
			.run((context) -> {
				assertThat(context).hasSingleBean(AttemptEvents.class).doesNotHaveBean(CallListener.class);
				SimpleMeterRegistry registry = new SimpleMeterRegistry();
				context.getBean("llmEventMeters", MeterBinder.class).bindTo(registry);
				assertThat(registry.get("llm.proxy.webhook.messages")
					.tag("webhook", "ops")
					.tag("outcome", "delivered")
					.functionCounter()
					.count()).isZero();
				assertThat(registry.get("llm.proxy.events.dropped").tag("sink", "bus").functionCounter().count())
					.isZero();
			});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			url=                                | url: it is missing
			url=ftp://example.com/SECRET        | url: it is no address
			url=/SECRET                         | url: it is no address
			url=http://u:SECRET@example.com/    | url: it is no address
			url=http://exa mple.com/SECRET      | url: it is no address
			events=call.begun                   | events: there is no such type of events; there are call.started
			events=                             | events: it is missing
			secret=short                        | secret: the secret has less than 16 bytes
			secret=whsec_!SECRET                | secret: what follows 'whsec_' is not base64
			secret-file=/nowhere/at/all         | secret-file: '/nowhere/at/all' can't be read
			tries=0                             | ops: there must be one try at least
			first-delay=0ms                     | ops: the first delay must be 1ms or more
			concurrency=65                      | ops: concurrency must be from 1 to 64
			queue=0                             | ops: the queue must hold one message at least
			timeout=0s                          | ops: the timeout must be 1ms or more
			""")
	void namesWhatIsWrongAboutAWebhookAndShowsNoSecret(String property, String description) {
		this.runner
			.withPropertyValues(HOOK + "url=http://127.0.0.1:1/x", HOOK + "events=limit.hit",
					HOOK + property.replace("SECRET", SECRET))
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("llm-proxy.events.webhooks.ops", description)
				.doesNotContain(SECRET));
	}

	@Test
	void aValueOfTheWrongFormIsNotShown() {
		this.runner.withPropertyValues("llm-proxy.events.webhooks.ops=" + SECRET)
			.run((context) -> assertThat(new SecretBindFailureAnalyzer().analyze(context.getStartupFailure()))
				.extracting(FailureAnalysis::getDescription)
				.asString()
				.contains("llm-proxy.events.webhooks")
				.doesNotContain(SECRET));
	}

	@Test
	void redisIsOptionalAndNeedNotBeThere() {
		this.runner.withPropertyValues("llm-proxy.events.redis.enabled=true", "spring.data.redis.port=1")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RedisEventStream.class)
				.hasSingleBean(CallEvents.class));
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.data.redis", "io.lettuce",
					"org.springframework.boot.data.redis"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(EventBus.class));
	}

	@Test
	void itStartsWithoutAServerActuatorMetersMailAndBreakers() {
		new ApplicationContextRunner().withConfiguration(EVENTS)
			.withConfiguration(AutoConfigurations.of(AlertsEndpointAutoConfiguration.class,
					RoutingAutoConfiguration.class, ProviderAutoConfiguration.class, GatewayAutoConfiguration.class))
			.withPropertyValues("llm-proxy.detect-providers=false", "llm-proxy.events.publish=always")
			.withClassLoader(
					new FilteredClassLoader("org.springframework.web.reactive", "org.springframework.boot.actuate",
							"io.micrometer.core", "org.springframework.mail", "io.github.resilience4j",
							"org.springframework.data.redis", "io.lettuce", "org.springframework.boot.data.redis"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(CallEvents.class)
				.doesNotHaveBean(LiveFeed.class)
				.doesNotHaveBean(BreakerEvents.class));
	}

	@Test
	void backsOffForAnApplicationsOwnBus() {
		EventBus own = new EventBus(1);
		this.runner.withBean(EventBus.class, () -> own)
			.run((context) -> assertThat(context.getBean(EventBus.class)).isSameAs(own));
	}

	private static FailureAnalysis analysis(Throwable failure) {
		return InvalidConfigurationTest.analyze(Objects.requireNonNull(failure));
	}

	@Configuration(proxyBeanMethods = false)
	static class Methods {

		private final List<LimitHit> heard = new CopyOnWriteArrayList<>();

		private final List<String> threads = new CopyOnWriteArrayList<>();

		@EventListener
		void hit(LimitHit event) {
			this.threads.add(Thread.currentThread().getName());
			this.heard.add(event);
		}

		@EventListener
		void anything(Object event) {
			assertThat(event).isNotNull();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Listeners {

		@Bean
		ApplicationListener<PayloadApplicationEvent<GatewayEvent.CallEnded>> ended() {
			return (event) -> assertThat(event.getPayload().time()).isBefore(Instant.MAX);
		}

	}

	static final class EveryEvent implements ApplicationListener<PayloadApplicationEvent<GatewayEvent>> {

		@Override
		public void onApplicationEvent(PayloadApplicationEvent<GatewayEvent> event) {
			assertThat(event.getPayload()).isNotNull();
		}

	}

}
