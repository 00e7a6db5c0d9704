package dev.llmproxy.autoconfigure;

import java.util.List;
import java.util.Random;

import dev.llmproxy.resilience.FaultInjectionFilter;
import dev.llmproxy.resilience.InjectedFault;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** Failures that are rehearsed, where that is asked for. */
@AutoConfiguration(before = RoutingAutoConfiguration.class)
@ConditionalOnBooleanProperty("llm-proxy.fault-injection.enabled")
@EnableConfigurationProperties(FaultInjectionProperties.class)
public final class FaultInjectionAutoConfiguration {

	private static final Log logger = LogFactory.getLog(FaultInjectionAutoConfiguration.class);

	@Bean
	@ConditionalOnMissingBean
	FaultInjectionFilter llmFaultInjectionFilter(FaultInjectionProperties properties) {
		List<InjectedFault> faults = InvalidPropertyException.checked("llm-proxy.fault-injection.faults",
				() -> properties.faults().stream().map(FaultInjectionProperties.Fault::fault).toList());
		logger.warn("Faults are injected (llm-proxy.fault-injection): " + faults
				+ (properties.header() ? ", and those that callers ask for" : ""));
		return new FaultInjectionFilter(faults,
				(properties.seed() != null) ? new Random(properties.seed()) : new Random(), properties.header());
	}

}
