package dev.llmproxy.server;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class OtlpMetricsSwitchTest {

	private static final String ENABLED = "management.otlp.metrics.export.enabled";

	@Test
	void sendsNothingUntilItIsSaidWhereTo() {
		assertThat(enabled(Map.of())).isEqualTo("false");
		assertThat(enabled(Map.of("management.otlp.metrics.export.url", "http://collector:4318/v1/metrics"))).isNull();
	}

	@Test
	void leavesItToWhoeverSaysSo() {
		assertThat(enabled(Map.of(ENABLED, "true"))).isEqualTo("true");
	}

	private static String enabled(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		new OtlpMetricsSwitch().postProcessEnvironment(environment, new SpringApplication());
		return environment.getProperty(ENABLED);
	}

}
