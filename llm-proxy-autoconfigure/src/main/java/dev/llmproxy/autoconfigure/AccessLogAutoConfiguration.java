package dev.llmproxy.autoconfigure;

import java.util.Locale;
import java.util.stream.Stream;

import ch.qos.logback.classic.LoggerContext;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.observability.log.AccessLog;
import dev.llmproxy.observability.log.ContentLog;
import dev.llmproxy.observability.log.LogMeters;
import dev.llmproxy.observability.log.LogTarget;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.slf4j.spi.LoggingEventBuilder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** One event in the log for each call, where it is wanted: in the server it is. */
@AutoConfiguration(before = { CallObservationAutoConfiguration.class, GatewayAutoConfiguration.class,
		ReactiveWebAutoConfiguration.class })
@ConditionalOnClass(LoggingEventBuilder.class)
@ConditionalOnBooleanProperty("llm-proxy.access-log.enabled")
@EnableConfigurationProperties(AccessLogProperties.class)
public final class AccessLogAutoConfiguration {

	private static final Log logger = LogFactory.getLog(AccessLogAutoConfiguration.class);

	@Bean
	@ConditionalOnMissingBean
	AccessLog llmAccessLog(AccessLogProperties properties, Environment environment, ObjectProvider<LogTarget> target) {
		return new AccessLog(properties.settings(isFlat(environment)), target.getIfAvailable(() -> LogTarget.UNKNOWN));
	}

	/** GELF knows texts and numbers only. */
	private static boolean isFlat(Environment environment) {
		return Stream.of("console", "file")
			.map((place) -> environment.getProperty("logging.structured.format." + place))
			.anyMatch("gelf"::equalsIgnoreCase);
	}

	@Bean
	@ConditionalOnMissingBean
	@Conditional(OnLoggedContentCondition.class)
	ContentLog llmContentLog(AccessLog log, Codecs codecs, AccessLogProperties properties) {
		logger.warn("What callers and models say is logged (llm-proxy.access-log.content="
				+ properties.content().name().toLowerCase(Locale.ROOT) + ").");
		return new ContentLog(log, codecs, properties.redaction(), properties.contentLength());
	}

	/** Logback tells of files that can't be written, if one listens. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(LoggerContext.class)
	static class LogbackConfiguration {

		@Bean
		LogbackTarget llmLogbackTarget() {
			return new LogbackTarget();
		}

	}

	/** Measures, where that is possible. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterBinder.class)
	static class MetersConfiguration {

		@Bean
		@ConditionalOnMissingBean
		LogMeters llmLogMeters(AccessLog log) {
			return new LogMeters(log);
		}

	}

}
