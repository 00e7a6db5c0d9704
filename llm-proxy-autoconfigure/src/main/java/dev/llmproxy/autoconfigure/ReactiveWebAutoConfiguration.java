package dev.llmproxy.autoconfigure;

import java.time.InstantSource;
import java.util.Set;
import java.util.function.Predicate;
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
import dev.llmproxy.web.GatewayRoutes;
import dev.llmproxy.web.ModelsHandler;
import dev.llmproxy.web.OtherPathsWebFilter;
import dev.llmproxy.web.ResponseHeadersWebFilter;
import dev.llmproxy.web.UsageHandler;
import dev.llmproxy.web.WebSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;

/** The HTTP front in a WebFlux application. */
@AutoConfiguration(after = { GatewayAutoConfiguration.class, AccessAutoConfiguration.class,
		MemoryAutoConfiguration.class, LedgerAutoConfiguration.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBooleanProperty(name = "llm-proxy.web.enabled", matchIfMissing = true)
@EnableConfigurationProperties(WebProperties.class)
@Import(SnapshotConfiguration.class)
public final class ReactiveWebAutoConfiguration {

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

	/** Tells requests to a child context's server: the actuator's own. */
	static Predicate<ServerWebExchange> elsewhere(ApplicationContext context) {
		return (exchange) -> exchange.getApplicationContext() != null
				&& !context.equals(exchange.getApplicationContext());
	}

	/** Where the actuator's endpoints are on its server. */
	static String managementPath(Environment environment) {
		String path = environment.getProperty("management.server.base-path", "")
				+ environment.getProperty("management.endpoints.web.base-path", "/actuator");
		return path.endsWith("/") ? path : path + "/";
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
	GatewayRoutes llmGatewayRoutes(LlmGateway gateway, Codecs codecs, ModelsHandler models,
			ObjectProvider<UsageHandler> usage, ErrorBodies errors, WebSettings settings,
			ObjectProvider<Admission> admission, ApplicationContext context) {
		return new GatewayRoutes(gateway, codecs, models, usage.getIfAvailable(), errors, settings,
				admission.getIfAvailable(() -> Admission.UNLIMITED), elsewhere(context));
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

	/** Answers preflight requests, which carry no key, itself. */
	@Bean
	@Conditional(OnCorsCondition.class)
	@Order(Ordered.HIGHEST_PRECEDENCE + 1)
	WebFilter llmCorsWebFilter(WebSettings settings) {
		CorsWebFilter cors = new CorsWebFilter((exchange) -> settings.cors());
		return (exchange,
				chain) -> GatewayRoutes.isGatewayPath(exchange.getRequest().getURI().getRawPath(), settings.basePath())
						? cors.filter(exchange, chain) : chain.filter(exchange);
	}

	/** Denies other paths where Spring Security is not there to do it. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("llm-proxy.web.exclusive")
	@ConditionalOnMissingClass("org.springframework.security.web.server.SecurityWebFilterChain")
	static class ExclusiveConfiguration {

		@Bean
		OtherPathsWebFilter llmOtherPathsWebFilter(ClientKeyWebFilter keys, ErrorBodies errors, WebSettings settings,
				ApplicationContext context) {
			return new OtherPathsWebFilter(keys, elsewhere(context), managementPath(context.getEnvironment()), errors,
					settings);
		}

	}

}
