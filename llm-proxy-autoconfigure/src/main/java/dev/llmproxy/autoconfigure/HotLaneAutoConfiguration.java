package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.systemd.InheritedSocket;
import dev.llmproxy.web.ClientKeyWebFilter;
import dev.llmproxy.web.ErrorBodies;
import dev.llmproxy.web.GatewayRoutes;
import dev.llmproxy.web.HotLane;
import dev.llmproxy.web.WebSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.web.server.WebFilter;

/**
 * The inference endpoints in front of WebFlux, where the server is Reactor Netty. An
 * application's own filters would be bypassed, so they switch it off unless it is asked
 * for by name.
 */
@AutoConfiguration(after = { ReactiveWebAutoConfiguration.class, ConnectionGuardAutoConfiguration.class },
		before = NettyReactiveWebServerAutoConfiguration.class)
@ConditionalOnClass({ NettyServerCustomizer.class, HttpServer.class })
@ConditionalOnBean({ GatewayRoutes.class, ClientKeyWebFilter.class })
@ConditionalOnBooleanProperty("llm-proxy.server.hot-lane")
@EnableConfigurationProperties(ServerLaneProperties.class)
public final class HotLaneAutoConfiguration {

	private static final Log logger = LogFactory.getLog(HotLaneAutoConfiguration.class);

	/**
	 * How long connections without a request may stay where another process takes over,
	 * so that a request which is on its way just then is answered.
	 */
	private static final Duration IDLE_CONNECTIONS = Duration.ofSeconds(2);

	@Bean
	@ConditionalOnMissingBean
	HotLane llmHotLane(LlmGateway gateway, Codecs codecs, ErrorBodies errors, ClientKeyWebFilter keys,
			WebSettings settings, WebProperties properties, ObjectProvider<Admission> admission,
			ObjectProvider<WebFilter> filters, Environment environment) {
		List<String> foreign = filters.orderedStream()
			.map((filter) -> filter.getClass().getName())
			.filter((name) -> !name.startsWith("dev.llmproxy.") && !name.startsWith("org.springframework."))
			.toList();
		if (!foreign.isEmpty()) {
			logger.warn("The hot lane serves inference requests before these filters see them: " + foreign
					+ ". Set 'llm-proxy.server.hot-lane=false' if they are to see them.");
		}
		return new HotLane(gateway, codecs, errors, keys, settings, admission.getIfAvailable(() -> Admission.UNLIMITED),
				properties.securityHeaders(),
				environment.getProperty("server.compression.enabled", Boolean.class, false));
	}

	@Bean
	HotLaneShutdown llmHotLaneShutdown(HotLane lane, ObjectProvider<InheritedSocket> inherited) {
		boolean continued = inherited.getIfAvailable() != null;
		return new HotLaneShutdown(lane, continued ? IDLE_CONNECTIONS : Duration.ZERO);
	}

	/** After the guard's, whose handler stands before the lane's. */
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	NettyServerCustomizer llmHotLaneCustomizer(HotLane lane) {
		return (server) -> server.doOnChannelInit((observer, channel, remote) -> lane.install(channel));
	}

}
