package dev.llmproxy.autoconfigure;

import dev.llmproxy.web.ClientKeyWebFilter;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;

import static org.springframework.security.config.Customizer.withDefaults;

/**
 * Spring Security for all paths but the gateway's in an application that shares its
 * server with it: what Spring Boot does where there is no chain at all. The gateway's
 * chain must not be the only one, because that would leave all other paths open.
 */
@AutoConfiguration(after = ReactiveWebAutoConfiguration.class,
		afterName = "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration")
@ConditionalOnClass({ SecurityWebFilterChain.class, ServerHttpSecurity.class })
@ConditionalOnBean({ ClientKeyWebFilter.class, ServerHttpSecurity.class })
@ConditionalOnMissingBean(SecurityWebFilterChain.class)
@ConditionalOnBooleanProperty(name = "llm-proxy.web.exclusive", havingValue = false, matchIfMissing = true)
public final class SharedSecurityAutoConfiguration {

	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	SecurityWebFilterChain llmOtherPathsSecurityChain(ServerHttpSecurity http) {
		return http.authorizeExchange((exchanges) -> exchanges.anyExchange().authenticated())
			.httpBasic(withDefaults())
			.formLogin(withDefaults())
			.build();
	}

}
