package dev.llmproxy.server.sdk;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One gateway for all the classes of a run, which JUnit closes after the last. */
final class SharedSdkGateway implements ParameterResolver {

	private static final Namespace NAMESPACE = Namespace.create(SharedSdkGateway.class);

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType().equals(SdkGateway.class);
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return context.getRoot()
			.getStore(NAMESPACE)
			.computeIfAbsent(SdkGateway.class, (key) -> new SdkGateway(), SdkGateway.class);
	}

}
