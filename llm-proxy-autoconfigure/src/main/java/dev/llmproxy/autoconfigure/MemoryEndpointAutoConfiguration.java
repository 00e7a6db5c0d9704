package dev.llmproxy.autoconfigure;

import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.CountedMemory;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The endpoint {@code llmmemory}, where it is exposed. */
@AutoConfiguration(after = MemoryAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean({ CountedMemory.class, Admission.class })
public final class MemoryEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	MemoryEndpoint llmMemoryEndpoint(CountedMemory memory, Admission admission) {
		return new MemoryEndpoint(memory, admission);
	}

}
