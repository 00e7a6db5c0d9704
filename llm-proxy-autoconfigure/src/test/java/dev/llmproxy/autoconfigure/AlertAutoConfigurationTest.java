package dev.llmproxy.autoconfigure;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.llmproxy.event.AttemptEvents;
import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.GatewayEvent.LimitHit;
import dev.llmproxy.event.alert.AlertWatch;
import dev.llmproxy.observability.call.CallListener;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class AlertAutoConfigurationTest {

	private static final String RULE = "llm-proxy.alerts.rules.r.";

	private static final String CHANNEL = "llm-proxy.alerts.channels.c.";

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(EventAutoConfiguration.class, EventSourcesAutoConfiguration.class,
				AlertAutoConfiguration.class, AlertsEndpointAutoConfiguration.class, MailSenderAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.up.type=ollama");

	@Test
	void withoutRulesNobodyWatches() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(AlertWatch.class)
				.doesNotHaveBean(CallListener.class)
				.doesNotHaveBean(AlertsEndpoint.class)
				.doesNotHaveBean(MailChannels.class);
			assertThat(context.getBean(AlertWatch.class).running()).isFalse();
		});
	}

	@Test
	void aRuleAboutEventsHasThemCounted() {
		this.runner
			.withPropertyValues(RULE + "event=attempt.failed", RULE + "threshold=3", RULE + "for=1m",
					RULE + "tags.provider=up", "management.endpoints.web.exposure.include=llmalerts")
			.run((context) -> {
				assertThat(context).hasSingleBean(AttemptEvents.class)
					.doesNotHaveBean(CallListener.class)
					.hasSingleBean(AlertsEndpoint.class);
				assertThat(context.getBean(AlertWatch.class).running()).isTrue();
				assertThat(context.getBean(AlertsEndpoint.class).alerts().alerts()).singleElement()
					.satisfies((state) -> {
						assertThat(state.rule()).isEqualTo("r");
						assertThat(state.state()).isEqualTo("inactive");
						assertThat(state.subject()).isEqualTo("count of attempt.failed{provider=up} in 5m");
					});
			});
	}

	@Test
	void aRuleAboutMetersNeedsMeters() {
		this.runner.withPropertyValues(RULE + "metric=jvm.threads.live", RULE + "threshold=3")
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("llm-proxy.alerts.rules.r.metric: the application has no meters"));
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		registry.gauge("some.thing", 7);
		this.runner.withBean(MeterRegistry.class, () -> registry)
			.withPropertyValues(RULE + "metric=some.thing", RULE + "threshold=3", "llm-proxy.alerts.interval=10ms")
			.run((context) -> Awaitility.await()
				.until(() -> context.getBean(AlertWatch.class).states().get(0).state().equals("firing")));
	}

	@Test
	void slackGetsALineOfText() {
		try (ScriptedUpstream slack = ScriptedUpstream.start().answerWith(Script.json(200, "ok"))) {
			this.runner
				.withPropertyValues(CHANNEL + "type=slack", CHANNEL + "url=" + slack.url() + "/services/T0/secret",
						RULE + "event=limit.hit", RULE + "threshold=1", RULE + "comparison=at-least", RULE + "notify=c",
						"llm-proxy.alerts.interval=10ms")
				.run((context) -> {
					context.getBean(EventBus.class).publish(new LimitHit(Instant.now(), "per-<key>", "tokens"));
					Awaitility.await().until(() -> !slack.requests().isEmpty());
					assertThat(slack.requests().get(0).path()).isEqualTo("/services/T0/secret");
					assertThat(slack.requests().get(0).text())
						.isEqualTo("{\"text\":\":rotating_light: [warning] r firing: count of limit.hit in 5m is 1, "
								+ "at least 1\"}");
				});
		}
	}

	@Test
	void mailsGoByTheServerOfSpring() throws Exception {
		try (FakeMailServer server = FakeMailServer.start()) {
			this.runner
				.withPropertyValues("spring.mail.host=127.0.0.1", "spring.mail.port=" + server.port(),
						CHANNEL + "type=email", CHANNEL + "from=gateway@example.com",
						CHANNEL + "to=ops@example.com,boss@example.com", RULE + "event=limit.hit", RULE + "threshold=0",
						RULE + "severity=critical", RULE + "notify=c,log", "llm-proxy.alerts.interval=10ms")
				.run((context) -> {
					context.getBean(EventBus.class).publish(new LimitHit(Instant.now(), "per-key", "tokens"));
					String mail = server.take();
					assertThat(server.commands()).contains("MAIL FROM:<gateway@example.com>",
							"RCPT TO:<ops@example.com>", "RCPT TO:<boss@example.com>");
					assertThat(mail).contains("Subject: [critical] r firing: count of limit.hit in 5m is 1, above 0",
							"Rule: r", "Threshold: 0.0");
				});
		}
	}

	@Test
	void aMailServerThatIsAwayHurtsNobody() {
		this.runner
			.withPropertyValues("spring.mail.host=127.0.0.1", "spring.mail.port=1", CHANNEL + "type=email",
					CHANNEL + "from=gateway@example.com", CHANNEL + "to=ops@example.com", RULE + "event=limit.hit",
					RULE + "threshold=0", RULE + "notify=c", "llm-proxy.alerts.interval=10ms")
			.run((context) -> {
				context.getBean(EventBus.class).publish(new LimitHit(Instant.now(), "per-key", "tokens"));
				AlertWatch watch = context.getBean(AlertWatch.class);
				Awaitility.await().until(() -> watch.states().get(0).told() != null);
			});
	}

	@Test
	void mailsNeedAServer() {
		List<String> properties = List.of(CHANNEL + "type=email", CHANNEL + "from=a@example.com",
				CHANNEL + "to=b@example.com");
		this.runner.withPropertyValues(properties.toArray(String[]::new))
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getAction())
				.contains("spring.mail.host"));
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.mail", "jakarta.mail"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(AlertWatch.class));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			rules.r.threshold=1                                      | rules.r: it has neither 'metric' and 'event'
			rules.r.event=limit.hit,rules.r.metric=m                 | rules.r: it has both 'metric' and 'event'
			rules.r.event=limit.hit                                  | rules.r.threshold: it is missing
			rules.r.event=nothing,rules.r.threshold=1                | rules.r.event: there is no such type of events
			rules.r.event=call.*,rules.r.threshold=1                 | rules.r.event: it names several types
			rules.r.event=limit.hit,rules.r.threshold=NaN            | rules.r: the threshold must be a number
			rules.r.event=limit.hit,rules.r.threshold=1,rules.r.window=0s | rules.r.window: it must be from one second
			rules.r.event=limit.hit,rules.r.threshold=1,rules.r.for=-1s   | rules.r: 'for' and 'cooldown' must not be
			rules.r.event=limit.hit,rules.r.threshold=1,rules.r.statistic=p95 | rules.r.statistic: events have no such
			rules.r.event=limit.hit,rules.r.threshold=1,rules.r.notify=x | rules.r.notify: there is no channel 'x'
			rules.[A b].event=limit.hit                              | rules.A b: its name can't be used
			channels.c.url=http://127.0.0.1/                         | channels.c.type: it is missing
			channels.c.type=slack                                    | channels.c.url: it is missing
			channels.log.type=slack                                  | channels.log: 'log' is always there
			channels.c.type=email                                    | channels.c.from: it is missing
			interval=0s                                              | interval: it must be longer than nothing
			""")
	void namesThePropertyThatIsWrong(String properties, String description) {
		String[] all = properties.split(",");
		for (int i = 0; i < all.length; i++) {
			all[i] = "llm-proxy.alerts." + all[i];
		}
		this.runner.withPropertyValues(all)
			.run((context) -> assertThat(analysis(context.getStartupFailure()).getDescription())
				.contains("llm-proxy.alerts." + description));
	}

	private static FailureAnalysis analysis(Throwable failure) {
		return InvalidConfigurationTest.analyze(Objects.requireNonNull(failure));
	}

}
