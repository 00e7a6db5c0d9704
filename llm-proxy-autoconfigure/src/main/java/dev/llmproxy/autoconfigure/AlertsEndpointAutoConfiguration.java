package dev.llmproxy.autoconfigure;

import dev.llmproxy.event.alert.AlertWatch;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code llmalerts}, where it is exposed. */
@AutoConfiguration(after = AlertAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(AlertWatch.class)
public final class AlertsEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	AlertsEndpoint llmAlertsEndpoint(AlertWatch watch) {
		return new AlertsEndpoint(watch);
	}

}
