package dev.llmproxy.autoconfigure;

import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Stream;

import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.gateway.RefusalListener;
import dev.llmproxy.observability.call.AnswerHeader;
import dev.llmproxy.observability.call.AnswerHeaders;
import dev.llmproxy.observability.ledger.UsageReports;
import dev.llmproxy.provider.catalog.ModelListing;
import dev.llmproxy.web.ClientKeyWebFilter;
import dev.llmproxy.web.ErrorBodies;
import dev.llmproxy.web.GatewayErrorHandler;
import dev.llmproxy.web.GatewayPaths;
import dev.llmproxy.web.ModelsHandler;
import dev.llmproxy.web.ResponseHeadersWebFilter;
import dev.llmproxy.web.UsageHandler;
import dev.llmproxy.web.WebSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.cors.CorsConfiguration;

/** What the HTTP front is made of, whichever server it is in. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WebProperties.class)
@Import(SnapshotConfiguration.class)
class WebFrontConfiguration {

	@Bean
	@ConditionalOnMissingBean
	WebSettings llmWebSettings(WebProperties properties) {
		String basePath = properties.basePath();
		if (!basePath.isEmpty() && !basePath.matches("(/[A-Za-z0-9._~-]+)+")) {
			throw new InvalidPropertyException("llm-proxy.web.base-path", "'" + basePath + "' can't be a path's prefix",
					"Begin it with a slash and end it without one, like '/llm'.");
		}
		if (properties.maxBodySize().toBytes() < 1 || properties.maxBodySize().toBytes() > Integer.MAX_VALUE - 8) {
			throw new InvalidPropertyException("llm-proxy.web.max-body-size", "a body can't have that many bytes",
					"Set it to a size up to 2047MB, such as 32MB.");
		}
		try {
			return new WebSettings(basePath, (int) properties.maxBodySize().toBytes(), properties.json().limits(),
					properties.strict(), cors(properties.cors(), properties.responseHeaders()),
					properties.keepAliveComments());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException("llm-proxy.web.json", String.valueOf(ex.getMessage()),
					"Set it to what that says.");
		}
	}

	@Bean
	@ConditionalOnMissingBean
	AnswerHeaders llmAnswerHeaders(WebProperties properties) {
		return new AnswerHeaders(properties.responseHeaders());
	}

	private static @Nullable CorsConfiguration cors(WebProperties.@Nullable Cors properties,
			Set<AnswerHeader> answerHeaders) {
		if (properties == null
				|| (properties.allowedOrigins().isEmpty() && properties.allowedOriginPatterns().isEmpty())) {
			return null;
		}
		CorsConfiguration cors = new CorsConfiguration();
		cors.setAllowedOrigins(properties.allowedOrigins());
		cors.setAllowedOriginPatterns(properties.allowedOriginPatterns());
		cors.setAllowedMethods(properties.allowedMethods());
		cors.setAllowedHeaders(properties.allowedHeaders());
		cors.setExposedHeaders(Stream
			.concat(properties.exposedHeaders().stream(), answerHeaders.stream().map(AnswerHeader::headerName))
			.distinct()
			.toList());
		cors.setAllowCredentials(properties.allowCredentials());
		cors.setMaxAge(properties.maxAge());
		try {
			cors.validateAllowCredentials();
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException("llm-proxy.web.cors.allow-credentials",
					"it can't be combined with the origin '*'",
					"Leave it out: keys are no credentials in this sense. Or list the origins.");
		}
		return cors;
	}

	@Bean
	@ConditionalOnMissingBean
	ErrorBodies llmErrorBodies(Codecs codecs, WebSettings settings, ObjectProvider<RefusalListener> listeners) {
		return new ErrorBodies(codecs, settings, listeners.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	ModelsHandler llmModelsHandler(ModelListing listing) {
		return new ModelsHandler(listing);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(UsageReports.class)
	UsageHandler llmUsageHandler(UsageReports reports) {
		return new UsageHandler(reports, InstantSource.system());
	}

	@Bean
	@ConditionalOnMissingBean
	ClientKeyWebFilter llmClientKeyWebFilter(ClientKeys keys, LiveSnapshot live, ErrorBodies errors,
			WebSettings settings) {
		return new ClientKeyWebFilter(keys, live, errors, settings);
	}

	@Bean
	@ConditionalOnMissingBean
	GatewayErrorHandler llmGatewayErrorHandler(ErrorBodies errors, WebSettings settings, WebProperties properties) {
		return new GatewayErrorHandler(errors, settings, properties.exclusive());
	}

	@Bean
	@ConditionalOnMissingBean
	ResponseHeadersWebFilter llmResponseHeadersWebFilter(WebSettings settings, WebProperties properties) {
		return new ResponseHeadersWebFilter(properties.securityHeaders(), settings, properties.exclusive());
	}

	@Bean
	@ConditionalOnMissingBean
	GatewayPaths llmGatewayPaths(LlmGateway gateway, Codecs codecs, ModelsHandler models,
			ObjectProvider<UsageHandler> usage, ErrorBodies errors, WebSettings settings,
			ObjectProvider<Admission> admission) {
		return new GatewayPaths(gateway, codecs, models, usage.getIfAvailable(), errors, settings,
				admission.getIfAvailable(() -> Admission.UNLIMITED));
	}

}
