package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.Set;

import dev.llmproxy.gateway.RefusalListener;
import dev.llmproxy.observability.call.AnswerHeaders;
import dev.llmproxy.observability.call.CallListener;
import dev.llmproxy.observability.log.AccessLog;
import dev.llmproxy.observability.log.AccessLogSettings;
import dev.llmproxy.observability.log.LogTarget;
import dev.llmproxy.observability.log.CallField;
import dev.llmproxy.observability.log.ContentLog;
import dev.llmproxy.observability.log.LogMeters;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.spi.LoggingEventBuilder;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

class AccessLogAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(
				AutoConfigurations.of(AccessLogAutoConfiguration.class, CallObservationAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.up.type=ollama");

	private final ReactiveWebApplicationContextRunner enabled = this.runner
		.withPropertyValues("llm-proxy.access-log.enabled=true");

	@Test
	void anApplicationLogsNothingByDefault() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(AccessLog.class)
			.doesNotHaveBean(ContentLog.class)
			.doesNotHaveBean(CallListener.class)
			.hasSingleBean(AnswerHeaders.class));
	}

	@Test
	void logsCallsAndRefusalsWhereItIsWanted() {
		this.enabled.run((context) -> {
			assertThat(context).hasNotFailed()
				.hasSingleBean(AccessLog.class)
				.hasSingleBean(CallListener.class)
				.hasSingleBean(RefusalListener.class)
				.doesNotHaveBean(ContentLog.class);
			AccessLogSettings settings = settings(context.getEnvironment());
			assertThat(settings.fields()).containsExactlyInAnyOrder(CallField.values());
			assertThat(settings.sampling()).isEqualTo(1);
			assertThat(settings.slow()).isNull();
			assertThat(settings.queue()).isEqualTo(8192);
		});
	}

	@Test
	void takesWhatIsSaid() {
		this.enabled
			.withPropertyValues("llm-proxy.access-log.fields=http.*,trace.id", "llm-proxy.access-log.exclude=*.bytes",
					"llm-proxy.access-log.sampling=0.25", "llm-proxy.access-log.slow=10s",
					"llm-proxy.access-log.queue=7")
			.run((context) -> {
				AccessLogSettings settings = settings(context.getEnvironment());
				assertThat(settings.fields()).containsExactlyInAnyOrder(CallField.REQUEST_ID, CallField.STATUS,
						CallField.TRACE_ID);
				assertThat(settings.sampling()).isEqualTo(0.25);
				assertThat(settings.slow()).isEqualTo(Duration.ofSeconds(10));
				assertThat(settings.queue()).isEqualTo(7);
			});
	}

	@Test
	void leavesTheLogToTheApplication() {
		AccessLog own = new AccessLog(new AccessLogSettings(Set.of(), 1, null, 1, false, Duration.ZERO),
				LogTarget.UNKNOWN);
		this.enabled.withBean(AccessLog.class, () -> own)
			.run((context) -> assertThat(context.getBean(AccessLog.class)).isSameAs(own));
	}

	@ParameterizedTest
	@ValueSource(strings = { "redacted", "full", "REDACTED" })
	void contentIsLoggedWhereItIsWanted(String content) {
		this.enabled.withPropertyValues("llm-proxy.access-log.content=" + content)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ContentLog.class));
		this.runner.withPropertyValues("llm-proxy.access-log.content=" + content)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ContentLog.class));
	}

	@ParameterizedTest
	@CsvSource({ "fields, nothing.*, there is no field 'nothing.*'", "exclude, http, there is no field 'http'",
			"sampling, 1.5, it must be from 0 to 1", "queue, 0, at least one event has to have room" })
	void aValueThatCantWorkIsRefused(String property, String value, String problem) {
		this.enabled.withPropertyValues("llm-proxy.access-log." + property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidPropertyException.class)
				.hasMessage("llm-proxy.access-log." + property + ": " + problem));
	}

	@Test
	void aPatternThatIsNoneIsRefused() {
		this.enabled.withPropertyValues("llm-proxy.access-log.content=redacted", "llm-proxy.access-log.redact[0]=(")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageStartingWith("llm-proxy.access-log.redact: '('"));
	}

	@Test
	void countsWhatIsLost() {
		this.enabled.run((context) -> {
			SimpleMeterRegistry registry = new SimpleMeterRegistry();
			context.getBean(LogMeters.class).bindTo(registry);
			assertThat(registry.get("llm.proxy.log.dropped").functionCounter().count()).isZero();
		});
	}

	@Test
	void doesWithoutMetersAndWithoutSlf4j() {
		this.enabled.withClassLoader(new FilteredClassLoader(MeterBinder.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(AccessLog.class)
				.doesNotHaveBean(LogMeters.class));
		this.enabled.withClassLoader(new FilteredClassLoader(LoggingEventBuilder.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("llmAccessLog"));
	}

	@Test
	void logbackIsNotNeeded() {
		this.enabled.withClassLoader(new FilteredClassLoader("ch.qos.logback"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(AccessLog.class)
				.doesNotHaveBean(LogbackTarget.class));
	}

	private static AccessLogSettings settings(Environment environment) {
		return Binder.get(environment).bindOrCreate("llm-proxy.access-log", AccessLogProperties.class).settings(false);
	}

}
