package dev.llmproxy.autoconfigure.test;

import java.util.List;

import dev.llmproxy.test.Cassette;
import dev.llmproxy.test.GatewayFaults;

import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Tests don't see each other's faults and answers. One that asked what was not recorded
 * fails, even if the application made up for it.
 */
final class LlmGatewayTestExecutionListener extends AbstractTestExecutionListener {

	@Override
	public void beforeTestMethod(TestContext context) {
		if (context.hasApplicationContext()) {
			context.getApplicationContext().getBeanProvider(Cassette.class).ifAvailable(Cassette::rewind);
		}
	}

	@Override
	public void afterTestMethod(TestContext context) {
		if (!context.hasApplicationContext()) {
			return;
		}
		context.getApplicationContext().getBeanProvider(GatewayFaults.class).ifAvailable(GatewayFaults::reset);
		context.getApplicationContext().getBeanProvider(Cassette.class).ifAvailable((cassette) -> {
			List<String> missing = cassette.takeMissing();
			if (!missing.isEmpty()) {
				throw new AssertionError(String.join("\n", missing));
			}
		});
	}

}
