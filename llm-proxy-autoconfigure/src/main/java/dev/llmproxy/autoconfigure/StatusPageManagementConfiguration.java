package dev.llmproxy.autoconfigure;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.WebFilter;

/** The headers of the status page, which no endpoint can set by itself. */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnClass(WebFilter.class)
@ConditionalOnBean(StatusPage.class)
class StatusPageManagementConfiguration {

	@Bean
	@Order(0)
	WebFilter llmStatusPageHeaders(StatusPage page, Environment environment) {
		String path = StatusPage.path(environment);
		return (exchange, chain) -> {
			if (exchange.getRequest().getURI().getRawPath().endsWith(path)) {
				HttpHeaders headers = exchange.getResponse().getHeaders();
				headers.set("Content-Security-Policy", page.policy());
				headers.set("X-Content-Type-Options", "nosniff");
				headers.set("X-Frame-Options", "DENY");
				headers.set("Referrer-Policy", "no-referrer");
				headers.set("Cross-Origin-Opener-Policy", "same-origin");
				headers.set("Cross-Origin-Resource-Policy", "same-origin");
				headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
			}
			return chain.filter(exchange);
		};
	}

}
