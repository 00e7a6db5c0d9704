package dev.llmproxy.provider;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;

import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import org.jspecify.annotations.Nullable;

/**
 * The proxy that a provider is reached by. It is told the provider's name and not an
 * address: whoever needs a proxy often can't resolve it. What is said to a provider over
 * TLS the proxy can't read.
 *
 * @param username {@code null} if it asks for none
 * @param password {@code null} if there is none
 */
public record ProxySettings(Kind kind, String host, int port, @Nullable String username, @Nullable String password) {

	ProxyHandler newHandler(InetSocketAddress resolved, Duration timeout) {
		String password = (this.password != null) ? this.password : "";
		ProxyHandler handler = switch (this.kind) {
			case HTTP -> (this.username != null) ? new HttpProxyHandler(resolved, this.username, password)
					: new HttpProxyHandler(resolved);
			case SOCKS5 -> new Socks5ProxyHandler(resolved, this.username, this.password);
		};
		handler.setConnectTimeoutMillis(timeout.toMillis());
		return handler;
	}

	/** Without its password. */
	@Override
	public String toString() {
		return this.kind.name().toLowerCase(Locale.ROOT) + "://" + this.host + ':' + this.port;
	}

	/** How it is asked for a connection. */
	public enum Kind {

		/** By {@code CONNECT} (RFC 9110, section 9.3.6). */
		HTTP,

		/** By RFC 1928, and RFC 1929 where it wants a password. */
		SOCKS5

	}

}
