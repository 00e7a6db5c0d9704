package dev.llmproxy.autoconfigure;

import java.net.InetAddress;

import dev.llmproxy.access.AnonymousAccess;
import dev.llmproxy.access.ClientKeys;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Binds a server without keys to the loopback address, or refuses to start it where it
 * was told to listen elsewhere, unless that was asked for in so many words.
 */
final class AddressGuard implements WebServerFactoryCustomizer<ConfigurableWebServerFactory>, Ordered {

	private static final Log logger = LogFactory.getLog(AddressGuard.class);

	private static final String ADD_A_KEY = "Add a key with the environment variable LLM_PROXY_API_KEY or with "
			+ "'llm-proxy.access.keys[0].id' and 'llm-proxy.access.keys[0].key'";

	private final ClientKeys keys;

	private final String property;

	private final @Nullable InetAddress address;

	/**
	 * Creates a guard.
	 * @param property that says where the server listens
	 * @param address what it says; {@code null} if it says nothing
	 */
	AddressGuard(ClientKeys keys, String property, @Nullable InetAddress address) {
		this.keys = keys;
		this.property = property;
		this.address = address;
	}

	/** After Spring Boot has set the address that properties say. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(ConfigurableWebServerFactory factory) {
		if (this.keys.anonymous() == AnonymousAccess.ANYWHERE) {
			logger.warn("Callers without a key are let in from everywhere (llm-proxy.access.anonymous=true)");
		}
		else if (this.keys.isEmpty() && this.keys.anonymous() == AnonymousAccess.NONE) {
			logger.warn("Nobody can call: there are no keys, and llm-proxy.access.anonymous=false. " + ADD_A_KEY + ".");
		}
		else if (this.keys.isEmpty()) {
			stayLocal(factory);
		}
	}

	private void stayLocal(ConfigurableWebServerFactory factory) {
		if (this.address == null) {
			factory.setAddress(InetAddress.getLoopbackAddress());
		}
		else if (!this.address.isLoopbackAddress()) {
			throw new InvalidPropertyException(this.property,
					"no key is configured, so anybody could use the providers' keys through "
							+ this.address.getHostAddress(),
					ADD_A_KEY + ". Or let '" + this.property
							+ "' be 127.0.0.1, to serve this machine only. Or, where the network "
							+ "keeps strangers out, say 'llm-proxy.access.anonymous=true'.");
		}
		logger.info("No key is configured: the server listens on the loopback address only, and lets programs on this "
				+ "machine in without one. " + ADD_A_KEY + ".");
	}

}
