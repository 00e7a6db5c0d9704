package dev.llmproxy.autoconfigure;

import dev.llmproxy.web.connection.ConnectionGuard;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** The guard for the actuator's own server, which takes no customizers from the other. */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass(NettyReactiveWebServerFactory.class)
@ConditionalOnBean(ConnectionGuard.class)
class ConnectionGuardManagementConfiguration {

	@Bean
	WebServerFactoryCustomizer<NettyReactiveWebServerFactory> llmManagementConnectionGuard(ConnectionGuard guard) {
		return (factory) -> factory.addServerCustomizers(
				(server) -> server.doOnChannelInit((observer, channel, remote) -> guard.install(channel)));
	}

}
