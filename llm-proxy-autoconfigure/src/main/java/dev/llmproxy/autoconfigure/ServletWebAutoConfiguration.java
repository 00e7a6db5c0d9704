package dev.llmproxy.autoconfigure;

import dev.llmproxy.web.ClientKeyWebFilter;
import dev.llmproxy.web.GatewayErrorHandler;
import dev.llmproxy.web.GatewayPaths;
import dev.llmproxy.web.ResponseHeadersWebFilter;
import dev.llmproxy.web.ServletFront;
import dev.llmproxy.web.WebSettings;
import jakarta.servlet.Servlet;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.http.server.reactive.ServletHttpHandlerAdapter;
import org.springframework.web.filter.ForwardedHeaderFilter;

/**
 * The HTTP front in a servlet application: servlets beside its own, so that it needs no
 * Spring MVC. Filters of the application stand before them.
 */
@AutoConfiguration(after = { GatewayAutoConfiguration.class, AccessAutoConfiguration.class,
		MemoryAutoConfiguration.class, LedgerAutoConfiguration.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ Servlet.class, ServletContextInitializer.class })
@ConditionalOnBooleanProperty("llm-proxy.web.enabled")
@Import(WebFrontConfiguration.class)
public final class ServletWebAutoConfiguration {

	/** What all names of the gateway's servlets begin with. */
	static final String NAME = "llmProxy";

	/** One servlet for each pattern, because Spring's adapter is for one. */
	@Bean
	@ConditionalOnMissingBean(name = "llmServlets")
	ServletContextInitializer llmServlets(GatewayPaths paths, ClientKeyWebFilter keys, GatewayErrorHandler errors,
			ResponseHeadersWebFilter headers, WebSettings settings, WebProperties properties,
			ObjectProvider<ForwardedHeaderFilter> forwarded, Environment environment) {
		if (properties.exclusive()) {
			throw new InvalidPropertyException("llm-proxy.web.exclusive",
					"a servlet application can't be the gateway's alone",
					"Leave it out, and protect the application's other paths with Spring Security.");
		}
		boolean believes = forwarded.stream().findAny().isPresent() || believesHeaders(environment);
		return (context) -> {
			for (String pattern : ServletFront.patterns(settings.basePath())) {
				ServletRegistrationBean<ServletHttpHandlerAdapter> servlet = new ServletRegistrationBean<>(
						ServletFront.create(paths, keys, errors, headers, settings, believes), pattern);
				servlet.setName(NAME + pattern);
				servlet.setAsyncSupported(true);
				servlet.onStartup(context);
			}
		};
	}

	/** Whether the container may take callers' addresses out of headers. */
	private static boolean believesHeaders(Environment environment) {
		String strategy = environment.getProperty("server.forward-headers-strategy");
		return (strategy != null) ? !strategy.equalsIgnoreCase("none")
				: CloudPlatform.getActive(environment) != null
						|| environment.containsProperty("server.tomcat.remoteip.remote-ip-header")
						|| environment.containsProperty("server.tomcat.remoteip.protocol-header");
	}

}
