package dev.llmproxy.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

/** The gateway in a context of its own, with nothing in its environment. */
final class Gateway {

	private Gateway() {
	}

	static ReactiveWebApplicationContextRunner runner() {
		return new ReactiveWebApplicationContextRunner().withPropertyValues("llm-proxy.web.enabled=true")
			.withConfiguration(AutoConfigurations.of(AccessAutoConfiguration.class, GatewayAutoConfiguration.class,
					ProviderAutoConfiguration.class, ReactiveWebAutoConfiguration.class, RoutingAutoConfiguration.class,
					SimulatorAutoConfiguration.class));
	}

}
