package dev.llmproxy.provider;

import java.time.Duration;
import java.util.function.UnaryOperator;

import reactor.netty.http.client.HttpClient;

/**
 * How connections to one provider are kept.
 *
 * @param maxConnections per event loop
 * @param maxPending callers that may wait for a connection, per event loop
 * @param acquireTimeout how long one of them waits
 * @param maxIdleTime after which an idle connection is closed; below what the provider
 * keeps it open for
 * @param maxLifeTime after which a connection is closed when it becomes idle; varied by
 * up to a tenth
 * @param connectTimeout until a connection stands, TLS not included
 * @param tlsTimeout of the TLS handshake
 * @param customizer has the last word on the client
 */
public record TransportSettings(int maxConnections, int maxPending, Duration acquireTimeout, Duration maxIdleTime,
		Duration maxLifeTime, Duration connectTimeout, Duration tlsTimeout, UnaryOperator<HttpClient> customizer) {

	public static final TransportSettings DEFAULT = new TransportSettings(1000, 2000, Duration.ofSeconds(1),
			Duration.ofSeconds(30), Duration.ofMinutes(10), Timeouts.DEFAULT.connect(), Timeouts.DEFAULT.connect(),
			UnaryOperator.identity());

}
