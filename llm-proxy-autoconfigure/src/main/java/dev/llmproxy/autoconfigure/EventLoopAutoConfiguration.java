package dev.llmproxy.autoconfigure;

import dev.llmproxy.systemd.EpollLoops;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.ReactorNettyProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * The event loops of the server and of its connections to providers, where they are not
 * those that Reactor Netty takes by itself.
 */
@AutoConfiguration(before = NettyReactiveWebServerAutoConfiguration.class)
@ConditionalOnClass({ ReactorResourceFactory.class, LoopResources.class, Epoll.class, IoUring.class,
		NettyReactiveWebServerAutoConfiguration.class })
@Conditional(OnEpollCondition.class)
@EnableConfigurationProperties({ ServerLaneProperties.class, ReactorNettyProperties.class })
public final class EventLoopAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ReactorResourceFactory llmReactorResourceFactory(ReactorNettyProperties properties) {
		ReactorResourceFactory factory = new ReactorResourceFactory();
		factory.setUseGlobalResources(false);
		factory.setLoopResourcesSupplier(EpollLoops::new);
		if (properties.getShutdownQuietPeriod() != null) {
			factory.setShutdownQuietPeriod(properties.getShutdownQuietPeriod());
		}
		return factory;
	}

}
