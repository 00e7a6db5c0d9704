package dev.llmproxy.autoconfigure;

import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.AdmissionFilter;
import dev.llmproxy.gateway.CountedMemory;
import dev.llmproxy.gateway.MemoryBudget;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The memory that calls, recordings and caches share. */
@AutoConfiguration(before = GatewayAutoConfiguration.class)
@EnableConfigurationProperties(MemoryProperties.class)
public final class MemoryAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(MemoryBudget.class)
	CountedMemory llmMemoryBudget(MemoryProperties properties) {
		return new CountedMemory(properties.marks());
	}

	@Bean
	@ConditionalOnMissingBean
	Admission llmAdmission(MemoryBudget memory, MemoryProperties properties) {
		return new Admission(memory, properties.retryAfter());
	}

	@Bean
	@ConditionalOnMissingBean
	AdmissionFilter llmAdmissionFilter(Admission admission) {
		return new AdmissionFilter(admission);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(CountedMemory.class)
	@ConditionalOnBooleanProperty(name = "llm-proxy.memory.watch-heap", matchIfMissing = true)
	HeapWatch llmHeapWatch(CountedMemory memory) {
		return new HeapWatch(memory, Schedulers.parallel());
	}

}
