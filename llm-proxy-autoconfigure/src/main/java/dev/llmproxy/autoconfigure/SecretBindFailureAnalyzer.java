package dev.llmproxy.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Tells of properties of the callers' access and of webhooks that can't be bound without
 * showing their values, which Spring Boot's own analyzer does: a value at a wrong place
 * is a key more often than not.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SecretBindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

	private static final ConfigurationPropertyName KEYS = ConfigurationPropertyName.of("llm-proxy.access");

	/**
	 * Their addresses are secrets, and so are what signs their messages and their
	 * headers.
	 */
	private static final List<ConfigurationPropertyName> WEBHOOKS = List.of(
			ConfigurationPropertyName.of("llm-proxy.events.webhooks"),
			ConfigurationPropertyName.of("llm-proxy.alerts.channels"));

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
		if (isIn(KEYS, cause)) {
			return analysis(cause,
					"Keys are a list: llm-proxy.access.keys[0].id and llm-proxy.access.keys[0].key, and so on.");
		}
		if (WEBHOOKS.stream().anyMatch((place) -> isIn(place, cause))) {
			return analysis(cause, "The configuration reference says what it has to be.");
		}
		return null;
	}

	private static boolean isIn(ConfigurationPropertyName place, BindException failure) {
		return place.equals(failure.getName()) || place.isAncestorOf(failure.getName());
	}

	private static FailureAnalysis analysis(BindException failure, String action) {
		return new FailureAnalysis(
				failure.getName() + ": the value has the wrong form; it is not shown, because it may " + "be a secret.",
				action, failure);
	}

}
