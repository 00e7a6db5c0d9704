package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.web.ClientKeyWebFilter;
import dev.llmproxy.web.GatewayPaths;
import dev.llmproxy.web.WebSettings;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.web.server.MatcherSecurityWebFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.web.server.ServerWebExchange;

/**
 * Spring Security for the gateway's paths: a chain of one filter, the look-up of the
 * caller's key. The usual reactive chain costs several times as much as the whole
 * gateway. For the same reason the caller is no {@code Authentication} in the reactive
 * security context: who wants to know asks the request for its caller.
 */
@AutoConfiguration(after = { ReactiveWebAutoConfiguration.class, ExclusiveSecurityAutoConfiguration.class,
		SharedSecurityAutoConfiguration.class })
@ConditionalOnClass(SecurityWebFilterChain.class)
@ConditionalOnBean(ClientKeyWebFilter.class)
public final class SecurityAutoConfiguration {

	private static final Mono<MatchResult> MATCH = MatchResult.match();

	private static final Mono<MatchResult> NO_MATCH = MatchResult.notMatch();

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	SecurityWebFilterChain llmGatewaySecurityChain(ClientKeyWebFilter filter, WebSettings settings) {
		ServerWebExchangeMatcher paths = (exchange) -> isGateway(exchange, settings) ? MATCH : NO_MATCH;
		return new MatcherSecurityWebFilterChain(paths, List.of(filter));
	}

	/**
	 * Spring Security's usual firewall, except for the gateway's own paths: it refuses
	 * encoded slashes, which names of models in Gemini's paths have, and the gateway
	 * compares these paths as they are.
	 */
	@Bean
	@ConditionalOnMissingBean
	ServerWebExchangeFirewall llmServerWebExchangeFirewall(WebSettings settings) {
		StrictServerWebExchangeFirewall others = new StrictServerWebExchangeFirewall();
		return (exchange) -> isGateway(exchange, settings) ? Mono.just(exchange)
				: others.getFirewalledExchange(exchange);
	}

	private static boolean isGateway(ServerWebExchange exchange, WebSettings settings) {
		return GatewayPaths.isGatewayPath(exchange.getRequest().getURI().getRawPath(), settings.basePath());
	}

}
