package dev.llmproxy.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Where a server listens, in a form that can be put into a browser.
 *
 * @param url without a slash at the end
 * @param everywhere whether it listens on all addresses of the machine
 */
record ServerAddress(String url, boolean everywhere) {

	/** The server of the gateway; {@code null} if there is none. */
	static @Nullable ServerAddress api(Environment environment, boolean local) {
		ServerAddress address = of(environment, "server", "local.server.port", local);
		return (address == null) ? null : new ServerAddress(
				address.url() + environment.getProperty("llm-proxy.web.base-path", ""), address.everywhere());
	}

	/** The actuator's; {@code null} if it has no server of its own. */
	static @Nullable ServerAddress management(Environment environment) {
		String path = environment.getProperty("management.endpoints.web.base-path", "/actuator");
		ServerAddress address = of(environment, "management.server", "local.management.port", false);
		return (address == null) ? null : new ServerAddress(address.url() + path, address.everywhere());
	}

	private static @Nullable ServerAddress of(Environment environment, String prefix, String port, boolean local) {
		String number = environment.getProperty(port);
		if (number == null) {
			return null;
		}
		String host = environment.getProperty(prefix + ".address");
		boolean everywhere = !local && (!StringUtils.hasText(host) || host.equals("0.0.0.0") || host.equals("::"));
		String shown = (everywhere || !StringUtils.hasText(host)) ? "localhost" : host;
		if (shown.indexOf(':') >= 0 && !shown.startsWith("[")) {
			shown = "[" + shown + "]";
		}
		return new ServerAddress((secure(environment, prefix) ? "https://" : "http://") + shown + ":" + number,
				everywhere);
	}

	private static boolean secure(Environment environment, String prefix) {
		return environment.getProperty(prefix + ".ssl.enabled", Boolean.class, true)
				&& (environment.containsProperty(prefix + ".ssl.bundle")
						|| environment.containsProperty(prefix + ".ssl.certificate")
						|| environment.containsProperty(prefix + ".ssl.key-store"));
	}

	@Override
	public String toString() {
		return this.everywhere ? this.url + " (on all addresses)" : this.url;
	}

}
