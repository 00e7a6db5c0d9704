package dev.llmproxy.autoconfigure;

import dev.llmproxy.web.GatewayPaths;
import dev.llmproxy.web.WebSettings;
import io.micrometer.observation.ObservationPredicate;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;

/**
 * Keeps the framework's own observation off the inference paths, which have meters of
 * their own that cost a tenth.
 */
@AutoConfiguration(after = ReactiveWebAutoConfiguration.class)
@ConditionalOnClass({ ObservationPredicate.class, ServerRequestObservationContext.class })
@ConditionalOnBean(WebSettings.class)
public final class InferenceObservationAutoConfiguration {

	@Bean
	ObservationPredicate llmInferenceObservationPredicate(WebSettings settings) {
		return (name, context) -> !(context instanceof ServerRequestObservationContext request)
				|| request.getCarrier() == null
				|| !GatewayPaths.isGatewayPath(request.getCarrier().getURI().getRawPath(), settings.basePath());
	}

}
