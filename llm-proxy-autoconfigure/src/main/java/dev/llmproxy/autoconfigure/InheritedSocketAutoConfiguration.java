package dev.llmproxy.autoconfigure;

import dev.llmproxy.systemd.InheritedSocket;
import io.netty.channel.epoll.Epoll;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * The server listens on a socket that it was given, as systemd gives one to a service
 * with a socket unit. The actuator's server opens its own.
 */
@AutoConfiguration(before = { NettyReactiveWebServerAutoConfiguration.class, AddressGuardAutoConfiguration.class,
		HotLaneAutoConfiguration.class })
@ConditionalOnClass({ NettyReactiveWebServerFactory.class, HttpServer.class, Epoll.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnBooleanProperty("llm-proxy.server.systemd")
@Conditional(OnInheritedSocketCondition.class)
@EnableConfigurationProperties(ServerLaneProperties.class)
public final class InheritedSocketAutoConfiguration {

	private static final Log logger = LogFactory.getLog(InheritedSocketAutoConfiguration.class);

	@Bean
	@ConditionalOnMissingBean
	InheritedSocket llmInheritedSocket(Environment environment) {
		int count = environment.getRequiredProperty("LISTEN_FDS", Integer.class);
		if (count != 1) {
			throw new InvalidPropertyException("LISTEN_FDS", count + " sockets were passed, and the server has one",
					"Leave one 'ListenStream' in the socket unit. The actuator opens its own.");
		}
		try {
			InheritedSocket socket = InheritedSocket.open();
			logger.info("The server listens on " + socket.address() + ", a socket it was given");
			return socket;
		}
		catch (IllegalStateException | UnsatisfiedLinkError ex) {
			throw new InvalidPropertyException("LISTEN_FDS", String.valueOf(ex.getMessage()),
					"Name a port, or an address and a port, in 'ListenStream' of the socket unit. Or set "
							+ "'llm-proxy.server.systemd=false'.");
		}
	}

	/** Not for the actuator's server, which takes no customizers from this one. */
	@Bean
	WebServerFactoryCustomizer<NettyReactiveWebServerFactory> llmInheritedSocketCustomizer(InheritedSocket socket,
			ReactorResourceFactory resources) {
		ReactorResourceFactory listening = new ReactorResourceFactory() {

			@Override
			public LoopResources getLoopResources() {
				return socket.on(resources.getLoopResources());
			}

		};
		return (factory) -> factory.setResourceFactory(listening);
	}

	/** Before calls under way are waited for. */
	@Bean
	StopLifecycle llmInheritedSocketStop(InheritedSocket socket) {
		return new StopLifecycle(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 2, socket::stopAccepting);
	}

}
