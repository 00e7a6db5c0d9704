package dev.llmproxy.autoconfigure;

import dev.llmproxy.web.ErrorBodies;
import dev.llmproxy.web.connection.ConnectionGuard;
import dev.llmproxy.web.connection.ConnectionLimits;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyServerProperties;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;

/** Strictness and limits for all connections of the server. */
@AutoConfiguration(after = ReactiveWebAutoConfiguration.class, before = NettyReactiveWebServerAutoConfiguration.class)
@ConditionalOnClass(NettyServerCustomizer.class)
@ConditionalOnBean(ErrorBodies.class)
@ConditionalOnBooleanProperty("llm-proxy.web.connections.guard")
@EnableConfigurationProperties({ ServerProperties.class, NettyServerProperties.class })
public final class ConnectionGuardAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ConnectionGuard llmConnectionGuard(WebProperties properties, ServerProperties server, NettyServerProperties netty,
			ErrorBodies errors) {
		if (server.getHttp2().isEnabled() && !Ssl.isEnabled(server.getSsl())) {
			throw new InvalidPropertyException("server.http2.enabled",
					"connections that may turn from HTTP/1.1 to HTTP/2 can't be guarded",
					"Leave it out, or use TLS with it (server.ssl.bundle), where the handshake settles the protocol.");
		}
		return new ConnectionGuard(limits(properties, server, netty), errors, properties.securityHeaders());
	}

	private static ConnectionLimits limits(WebProperties properties, ServerProperties server,
			NettyServerProperties netty) {
		WebProperties.Connections connections = properties.connections();
		try {
			return new ConnectionLimits(Math.toIntExact(netty.getMaxInitialLineLength().toBytes()),
					Math.toIntExact(server.getMaxHttpRequestHeaderSize().toBytes()), connections.maxHeaderFields(),
					connections.headerTimeout(), connections.bodyTimeout(), connections.minBodyRate().toBytes(),
					connections.idleTimeout(), properties.writeTimeout());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException("llm-proxy.web.connections", String.valueOf(ex.getMessage()),
					"Leave it out for the default.");
		}
	}

	@Bean
	NettyServerCustomizer llmConnectionGuardCustomizer(ConnectionGuard guard, WebProperties properties) {
		return (server) -> server.maxConnections(properties.connections().max())
			.doOnChannelInit((observer, channel, remote) -> guard.install(channel));
	}

}
