package dev.llmproxy.autoconfigure;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The endpoint {@code llmreload}, where it is exposed. */
@AutoConfiguration(after = ReloadAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(ConfigurationReloader.class)
@Import(OperatorDeskConfiguration.class)
public final class ReloadEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	ReloadEndpoint llmReloadEndpoint(ConfigurationReloader reloader, OperatorDesk desk) {
		return new ReloadEndpoint(reloader, desk);
	}

}
