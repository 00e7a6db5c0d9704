package dev.llmproxy.autoconfigure.test;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

/** Leaves out all of an application's components but those that a test names. */
final class LlmGatewayTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<LlmGatewayTest> {

	LlmGatewayTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
	}

}
