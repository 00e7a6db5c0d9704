package dev.llmproxy.autoconfigure.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Takes the properties of {@link LlmGatewayTest}. */
final class LlmGatewayTestContextBootstrapper extends TestSliceTestContextBootstrapper<LlmGatewayTest> {

}
