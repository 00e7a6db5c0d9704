package dev.llmproxy.server;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Leaves OTLP's metrics off unless it is said where to send them: by default they would
 * be sent to this machine, where mostly nobody listens, and each failure be logged.
 */
final class OtlpMetricsSwitch implements EnvironmentPostProcessor, Ordered {

	private static final String PREFIX = "management.otlp.metrics.export.";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (!environment.containsProperty(PREFIX + "url")) {
			environment.getPropertySources()
				.addLast(new MapPropertySource("otlpMetricsSwitch", Map.of(PREFIX + "enabled", "false")));
		}
	}

	/** After the configuration files were read. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
