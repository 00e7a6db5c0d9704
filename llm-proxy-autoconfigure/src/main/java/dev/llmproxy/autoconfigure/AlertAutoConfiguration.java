package dev.llmproxy.autoconfigure;

import java.time.InstantSource;

import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.alert.AlertWatch;
import dev.llmproxy.observability.MeterReader;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Alerts, where there are rules for them. */
@AutoConfiguration(after = { EventAutoConfiguration.class, ObservabilityAutoConfiguration.class },
		afterName = { "org.springframework.boot.mail.autoconfigure.MailSenderAutoConfiguration",
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration" })
@ConditionalOnBean(EventBus.class)
@EnableConfigurationProperties(AlertProperties.class)
@Import({ MailAlertConfiguration.class, MeterAlertConfiguration.class })
public final class AlertAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ConfiguredAlerts llmConfiguredAlerts(AlertProperties properties, Webhooks webhooks,
			ObjectProvider<MailChannels> mails, ObjectProvider<MeterReader> meters) {
		return new ConfiguredAlerts(properties, webhooks, mails.getIfAvailable(), meters.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean
	AlertWatch llmAlertWatch(ConfiguredAlerts alerts, EventBus bus) {
		return new AlertWatch(alerts.rules(), bus, InstantSource.system());
	}

	@Bean
	SmartLifecycle llmAlertLifecycle(AlertWatch watch, AlertProperties properties) {
		return new AlertLifecycle(watch, properties);
	}

	/** Without rules there is no thread. */
	private record AlertLifecycle(AlertWatch watch, AlertProperties properties) implements SmartLifecycle {

		@Override
		public void start() {
			if (!this.properties.rules().isEmpty()) {
				this.watch.start(this.properties.interval());
			}
		}

		@Override
		public void stop() {
			this.watch.stop();
		}

		@Override
		public boolean isRunning() {
			return this.watch.running();
		}

		/** Before calls come in. */
		@Override
		public int getPhase() {
			return 0;
		}

	}

}
