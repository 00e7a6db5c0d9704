package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.web.ClientKeyWebFilter;
import dev.llmproxy.web.GatewayRoutes;
import dev.llmproxy.web.WebSettings;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.web.server.MatcherSecurityWebFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;

/**
 * Spring Security for the gateway's paths: a chain of one filter, the look-up of the
 * caller's key. The usual reactive chain costs several times as much as the whole
 * gateway.
 */
@AutoConfiguration(after = ReactiveWebAutoConfiguration.class)
@ConditionalOnClass(SecurityWebFilterChain.class)
@ConditionalOnBean(ClientKeyWebFilter.class)
public final class SecurityAutoConfiguration {

	private static final Mono<MatchResult> MATCH = MatchResult.match();

	private static final Mono<MatchResult> NO_MATCH = MatchResult.notMatch();

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	SecurityWebFilterChain llmGatewaySecurityChain(ClientKeyWebFilter filter, WebSettings settings) {
		ServerWebExchangeMatcher paths = (exchange) -> GatewayRoutes
			.isGatewayPath(exchange.getRequest().getURI().getRawPath(), settings.basePath()) ? MATCH : NO_MATCH;
		return new MatcherSecurityWebFilterChain(paths, List.of(filter));
	}

}
