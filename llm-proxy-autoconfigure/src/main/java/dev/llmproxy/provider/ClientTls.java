package dev.llmproxy.provider;

import io.netty.handler.ssl.SslContextBuilder;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.tcp.SslProvider;

/** The default TLS set-up of clients: the platform's trust store, host names verified. */
final class ClientTls {

	private ClientTls() {
	}

	static SslProvider.GenericSslContextSpec<SslContextBuilder> context() {
		return Http11SslContextSpec.forClient();
	}

}
