package dev.llmproxy.autoconfigure;

import java.time.Duration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;

/** Time for load balancers to notice that the server is about to stop. */
@AutoConfiguration
@ConditionalOnWebApplication
@ConditionalOnClass(WebServerApplicationContext.class)
@ConditionalOnProperty("llm-proxy.server.drain-delay")
@EnableConfigurationProperties({ ServerLaneProperties.class, LifecycleProperties.class })
public final class DrainDelayAutoConfiguration {

	private static final String PROPERTY = "llm-proxy.server.drain-delay";

	private static final String PHASE = "spring.lifecycle.timeout-per-shutdown-phase";

	@Bean
	DrainDelay llmDrainDelay(ServerLaneProperties properties, LifecycleProperties lifecycle) {
		Duration delay = properties.drainDelay();
		Duration phase = lifecycle.getTimeoutPerShutdownPhase();
		if (delay.isNegative() || delay.compareTo(phase) >= 0) {
			throw new InvalidPropertyException(PROPERTY, delay + " is negative, or not less than '" + PHASE + "', "
					+ phase + ", after which nothing is waited for", "Use a few seconds, or raise the other one.");
		}
		return new DrainDelay(delay);
	}

}
