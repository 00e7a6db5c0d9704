package dev.llmproxy.autoconfigure;

import java.util.Objects;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLException;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;

/** A client that trusts and presents what an SSL bundle says; host names are verified. */
record SslBundleCustomizer(SslBundle bundle) implements UnaryOperator<HttpClient> {

	@Override
	public HttpClient apply(HttpClient client) {
		SslContext context = context();
		return client.secure((spec) -> spec.sslContext(context));
	}

	private SslContext context() {
		SslOptions options = this.bundle.getOptions();
		SslContextBuilder builder = SslContextBuilder.forClient()
			.keyManager(this.bundle.getManagers().getKeyManagerFactory())
			.trustManager(this.bundle.getManagers().getTrustManagerFactory());
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
