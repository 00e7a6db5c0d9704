package dev.llmproxy.autoconfigure;

import java.util.Base64;

import dev.llmproxy.dialect.Sha256;
import dev.llmproxy.gateway.ShippedText;

import org.springframework.core.env.Environment;

/**
 * The status page: one file that needs no other, and a policy by which a browser runs and
 * fetches nothing else.
 *
 * @param policy the value of {@code Content-Security-Policy}
 */
record StatusPage(String html, String policy) {

	/** Below the endpoint. */
	static final String NAME = "page";

	private static final String FILE = "/META-INF/llm-proxy/status.html";

	/** Reads it. */
	static StatusPage load() {
		return of(ShippedText.read(StatusPage.class, FILE));
	}

	static StatusPage of(String html) {
		return new StatusPage(html,
				"default-src 'none'; style-src '" + hash(html, "style") + "'; script-src '" + hash(html, "script")
						+ "'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
						+ "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'");
	}

	/** Of what is in the only element of a name, as browsers compute it. */
	private static String hash(String html, String element) {
		int begin = html.indexOf("<" + element + ">") + element.length() + 2;
		int end = html.indexOf("</" + element + ">");
		return "sha256-" + Base64.getEncoder().encodeToString(Sha256.of(html.substring(begin, end)));
	}

	/** Where it is, below the actuator's base path. */
	static String path(Environment environment) {
		String id = StatusEndpoint.ID;
		return "/" + environment.getProperty("management.endpoints.web.path-mapping." + id, id) + "/" + NAME;
	}

}
