package dev.llmproxy.autoconfigure;

import java.util.Objects;

import javax.net.ssl.SSLException;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/** Clients that trust and present what an SSL bundle says; host names are verified. */
final class ClientTls {

	private ClientTls() {
	}

	static SslContext of(SslBundle bundle) {
		SslOptions options = bundle.getOptions();
		SslContextBuilder builder = SslContextBuilder.forClient()
			.keyManager(bundle.getManagers().getKeyManagerFactory())
			.trustManager(bundle.getManagers().getTrustManagerFactory());
		if (options.getCiphers() != null) {
			builder.ciphers(Objects.requireNonNull(SslOptions.asSet(options.getCiphers())));
		}
		if (options.getEnabledProtocols() != null) {
			builder.protocols(options.getEnabledProtocols());
		}
		try {
			return builder.endpointIdentificationAlgorithm("HTTPS").build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException("The SSL bundle can't be used", ex);
		}
	}

}
