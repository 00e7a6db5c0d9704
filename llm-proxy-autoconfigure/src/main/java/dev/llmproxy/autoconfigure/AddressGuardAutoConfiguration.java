package dev.llmproxy.autoconfigure;

import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.systemd.InheritedSocket;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;

/** Keeps a server without keys off the network. */
@AutoConfiguration(after = ReactiveWebAutoConfiguration.class)
@ConditionalOnClass(ServerProperties.class)
@ConditionalOnWebApplication
@ConditionalOnBean(ClientKeys.class)
@ConditionalOnBooleanProperty("llm-proxy.access.guard-address")
@EnableConfigurationProperties(ServerProperties.class)
public final class AddressGuardAutoConfiguration {

	@Bean
	AddressGuard llmAddressGuard(ClientKeys keys, ServerProperties server, ObjectProvider<InheritedSocket> inherited) {
		InheritedSocket socket = inherited.getIfAvailable();
		return (socket != null) ? new AddressGuard(keys, "ListenStream", socket.address().getAddress())
				: new AddressGuard(keys, "server.address", server.getAddress());
	}

}
