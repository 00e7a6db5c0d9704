package dev.llmproxy.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the server is built.
 *
 * @param hotLane whether inference requests are served on the connection's event loop,
 * before WebFlux and the application's web filters see them; needs Reactor Netty
 * @param systemd whether systemd is told how the server does, and the socket that it
 * passes is served, where the process is a service of systemd; needs Reactor Netty on
 * Linux
 * @param drainDelay how long the server, once told to stop, serves on while its readiness
 * says that it doesn't, so that load balancers notice; shorter than
 * spring.lifecycle.timeout-per-shutdown-phase
 */
@ConfigurationProperties("llm-proxy.server")
record ServerLaneProperties(@DefaultValue("false") boolean hotLane, @DefaultValue("false") boolean systemd,
		@DefaultValue("0s") Duration drainDelay) {
}
