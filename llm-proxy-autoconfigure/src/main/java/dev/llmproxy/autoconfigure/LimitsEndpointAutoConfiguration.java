package dev.llmproxy.autoconfigure;

import dev.llmproxy.limit.LimitFilter;
import dev.llmproxy.limit.LimitStore;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code llmlimits}, where it is exposed. */
@AutoConfiguration(after = LimitAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ LimitFilter.class, LimitStore.class })
public final class LimitsEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	LimitsEndpoint llmLimitsEndpoint(LimitFilter filter, LimitStore store) {
		return new LimitsEndpoint(filter, store);
	}

}
