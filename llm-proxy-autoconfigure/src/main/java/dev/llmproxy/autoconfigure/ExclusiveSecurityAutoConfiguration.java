package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.web.ClientKeyWebFilter;
import dev.llmproxy.web.ErrorBodies;
import dev.llmproxy.web.GatewayErrorHandler;
import dev.llmproxy.web.OtherPathsWebFilter;
import dev.llmproxy.web.WebSettings;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.server.MatcherSecurityWebFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.server.ResponseStatusException;

/**
 * Spring Security for all paths but the gateway's where the gateway has the server to
 * itself: nothing is allowed. It comes before Spring Boot's chain for the actuator, which
 * it replaces; that listens elsewhere.
 */
@AutoConfiguration(after = ReactiveWebAutoConfiguration.class, beforeName = {
		"org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration" })
@ConditionalOnClass({ SecurityWebFilterChain.class, SecurityObservationSettings.class })
@ConditionalOnBean(ClientKeyWebFilter.class)
@ConditionalOnBooleanProperty("llm-proxy.web.exclusive")
public final class ExclusiveSecurityAutoConfiguration {

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	SecurityWebFilterChain llmOtherPathsSecurityChain(ClientKeyWebFilter keys, ErrorBodies errors, WebSettings settings,
			ApplicationContext context) {
		return new MatcherSecurityWebFilterChain(ServerWebExchangeMatchers.anyExchange(),
				List.of(new OtherPathsWebFilter(keys, ReactiveWebAutoConfiguration.elsewhere(context),
						ReactiveWebAutoConfiguration.managementPath(context.getEnvironment()), errors, settings)));
	}

	@Bean
	@ConditionalOnMissingBean
	ServerExchangeRejectedHandler llmServerExchangeRejectedHandler(GatewayErrorHandler errors) {
		return (exchange, rejected) -> errors.handle(exchange, new ResponseStatusException(HttpStatus.BAD_REQUEST));
	}

	/** One look-up of a key is not worth three observations. */
	@Bean
	@ConditionalOnMissingBean
	SecurityObservationSettings llmSecurityObservationSettings() {
		return SecurityObservationSettings.noObservations();
	}

}
