package dev.llmproxy.provider;

import reactor.netty.http.Http11SslContextSpec;

/** The default TLS set-up of clients: the platform's trust store, host names verified. */
final class ClientTls {

	private ClientTls() {
	}

	static Http11SslContextSpec context() {
		return Http11SslContextSpec.forClient();
	}

}
