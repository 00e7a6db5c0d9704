package dev.llmproxy.autoconfigure;

import java.util.function.Predicate;

import dev.llmproxy.web.ClientKeyWebFilter;
import dev.llmproxy.web.ErrorBodies;
import dev.llmproxy.web.GatewayPaths;
import dev.llmproxy.web.GatewayRoutes;
import dev.llmproxy.web.OtherPathsWebFilter;
import dev.llmproxy.web.WebSettings;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.web.cors.reactive.CorsWebFilter;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;

/** The HTTP front in a WebFlux application. */
@AutoConfiguration(after = { GatewayAutoConfiguration.class, AccessAutoConfiguration.class,
		MemoryAutoConfiguration.class, LedgerAutoConfiguration.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(DispatcherHandler.class)
@ConditionalOnBooleanProperty("llm-proxy.web.enabled")
@Import(WebFrontConfiguration.class)
public final class ReactiveWebAutoConfiguration {

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

	@Bean
	@ConditionalOnMissingBean
	GatewayRoutes llmGatewayRoutes(GatewayPaths paths, ApplicationContext context) {
		return new GatewayRoutes(paths, elsewhere(context));
	}

	/** Answers preflight requests, which carry no key, itself. */
	@Bean
	@Conditional(OnCorsCondition.class)
	@Order(Ordered.HIGHEST_PRECEDENCE + 1)
	WebFilter llmCorsWebFilter(WebSettings settings) {
		CorsWebFilter cors = new CorsWebFilter((exchange) -> settings.cors());
		return (exchange,
				chain) -> GatewayPaths.isGatewayPath(exchange.getRequest().getURI().getRawPath(), settings.basePath())
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
