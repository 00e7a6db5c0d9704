package dev.llmproxy.provider;

import java.time.Duration;

import javax.net.ssl.SSLException;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.jspecify.annotations.Nullable;

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
 * @param proxy to reach it by; {@code null} to reach it directly
 * @param ssl what to trust and to present; it must verify host names
 */
public record TransportSettings(int maxConnections, int maxPending, Duration acquireTimeout, Duration maxIdleTime,
		Duration maxLifeTime, Duration connectTimeout, Duration tlsTimeout, @Nullable ProxySettings proxy,
		SslContext ssl) {

	public static final TransportSettings DEFAULT = new TransportSettings(1000, 2000, Duration.ofSeconds(1),
			Duration.ofSeconds(30), Duration.ofMinutes(10), Timeouts.DEFAULT.connect(), Timeouts.DEFAULT.connect(),
			null, Tls.PLATFORM);

	/** The default: the platform's trust store. */
	private static final class Tls {

		static final SslContext PLATFORM = platform();

		private static SslContext platform() {
			try {
				return SslContextBuilder.forClient().endpointIdentificationAlgorithm("HTTPS").build();
			}
			catch (SSLException ex) {
				throw new IllegalStateException("This platform has no TLS", ex);
			}
		}

	}

}
