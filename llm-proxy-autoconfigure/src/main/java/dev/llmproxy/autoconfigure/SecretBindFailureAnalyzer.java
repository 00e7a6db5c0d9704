package dev.llmproxy.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Tells of properties of the callers' access that can't be bound without showing their
 * values, which Spring Boot's own analyzer does: a value at a wrong place is a key more
 * often than not.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecretBindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final ConfigurationPropertyName SECRETS = ConfigurationPropertyName.of("llm-proxy.access");

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		if (!SECRETS.equals(cause.getName()) && !SECRETS.isAncestorOf(cause.getName())) {
			return null;
		}
		return new FailureAnalysis(
				cause.getName() + ": the value has the wrong form; it is not shown, because it may " + "be a secret.",
				"Keys are a list: llm-proxy.access.keys[0].id and llm-proxy.access.keys[0].key, and so on.", cause);
	}

}
