package dev.llmproxy.autoconfigure;

import java.net.URI;
import java.util.Locale;

import dev.llmproxy.provider.ProxySettings;
import dev.llmproxy.provider.ProxySettings.Kind;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.web.util.UriUtils;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Which proxy a provider is reached by: the one that is configured for it, or the one
 * that the environment names for everybody, in the variables that curl and the vendors'
 * own SDKs read. Those never concern the machine itself.
 */
final class ProviderProxy {

	private final Environment environment;

	ProviderProxy(Environment environment) {
		this.environment = environment;
	}

	/**
	 * The proxy; {@code null} for none.
	 * @throws InvalidProviderException naming the property that is wrong
	 */
	@Nullable ProxySettings of(String provider, ProviderProperties.Proxy proxy, URI target) {
		if (!proxy.enabled()) {
			return null;
		}
		if (proxy.url() != null) {
			return read(provider, proxy.url(), "", proxy.username(), proxy.password());
		}
		String variable = variable(target);
		if (variable == null || excluded(target)) {
			return null;
		}
		String address = this.environment.getRequiredProperty(variable).trim();
		String where = " in " + variable.toUpperCase(Locale.ROOT);
		try {
			return read(provider, URI.create(address.contains("://") ? address : "http://" + address), where, null,
					null);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(provider, where);
		}
	}

	private @Nullable String variable(URI target) {
		String first = "https".equals(target.getScheme()) ? "https_proxy" : "http_proxy";
		for (String variable : new String[] { first, "all_proxy" }) {
			// Asked for in lower case the environment finds both spellings.
			if (StringUtils.hasText(this.environment.getProperty(variable))) {
				return variable;
			}
		}
		return null;
	}

	private boolean excluded(URI target) {
		String host = target.getHost().toLowerCase(Locale.ROOT);
		if (host.equals("localhost") || host.endsWith(".localhost") || host.startsWith("127.")
				|| host.equals("[::1]")) {
			return true;
		}
		String list = this.environment.getProperty("no_proxy", "");
		for (String entry : StringUtils.tokenizeToStringArray(list.toLowerCase(Locale.ROOT), ", ")) {
			if (entry.equals("*") || covers(entry, host, target.getPort())) {
				return true;
			}
		}
		return false;
	}

	/** A domain stands for itself and all below it; a port, if there is one, must fit. */
	private static boolean covers(String entry, String host, int port) {
		String name = entry;
		int colon = entry.lastIndexOf(':');
		if (colon > 0 && !entry.endsWith("]") && entry.indexOf(':') == colon) {
			if (!entry.substring(colon + 1).equals(Integer.toString(port))) {
				return false;
			}
			name = entry.substring(0, colon);
		}
		name = StringUtils.trimLeadingCharacter(name, '.');
		return !name.isEmpty() && (host.equals(name) || host.endsWith('.' + name));
	}

	private static ProxySettings read(String provider, URI url, String where, @Nullable String username,
			@Nullable String password) {
		Kind kind = switch (String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT)) {
			case "http" -> Kind.HTTP;
			case "socks5", "socks5h" -> Kind.SOCKS5;
			default -> throw invalid(provider, where);
		};
		if (url.getHost() == null || url.getPort() == 0) {
			throw invalid(provider, where);
		}
		int port = (url.getPort() > 0) ? url.getPort() : (kind == Kind.HTTP) ? 80 : 1080;
		String host = url.getHost().startsWith("[") ? url.getHost().substring(1, url.getHost().length() - 1)
				: url.getHost();
		String user = url.getRawUserInfo();
		if (user == null || username != null) {
			return new ProxySettings(kind, host, port, username, password);
		}
		int colon = user.indexOf(':');
		return new ProxySettings(kind, host, port,
				UriUtils.decode((colon < 0) ? user : user.substring(0, colon), UTF_8),
				(colon < 0) ? null : UriUtils.decode(user.substring(colon + 1), UTF_8));
	}

	/** Without what it is set to, which may hold a password. */
	private static InvalidProviderException invalid(String provider, String where) {
		return new InvalidProviderException(provider, "proxy.url", "the address" + where + " is none of a proxy",
				"Use one such as http://proxy.example.com:3128 or socks5://proxy.example.com:1080"
						+ (where.isEmpty() ? "." : ", or set proxy.enabled to false."));
	}

}
