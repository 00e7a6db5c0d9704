package dev.llmproxy.autoconfigure;

import java.util.List;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;

/**
 * Spring Security leaves the gateway's servlets in a servlet application to the gateway's
 * own check of keys, which these do themselves: requests with a key have no session, no
 * form and no CSRF token. What is the gateway's is told by the servlet that the container
 * has chosen, not by a path that might be read in two ways. It comes after Spring Boot's
 * own chain, which therefore still guards all other paths.
 */
@AutoConfiguration(after = ServletWebAutoConfiguration.class, afterName = {
		"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration" })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ Servlet.class, SecurityFilterChain.class })
@ConditionalOnBean(name = "llmServlets")
public final class ServletSecurityAutoConfiguration {

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	SecurityFilterChain llmServletSecurityChain() {
		return new DefaultSecurityFilterChain(ServletSecurityAutoConfiguration::isGateway, List.of());
	}

	private static boolean isGateway(HttpServletRequest request) {
		String servlet = request.getHttpServletMapping().getServletName();
		return servlet != null && servlet.startsWith(ServletWebAutoConfiguration.NAME + "/");
	}

}
