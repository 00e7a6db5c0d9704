package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

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
		try (InputStream file = StatusPage.class.getResourceAsStream(FILE)) {
			if (file == null) {
				throw new IllegalStateException(FILE + " is missing");
			}
			return of(new String(file.readAllBytes(), StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
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
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256")
				.digest(html.substring(begin, end).getBytes(StandardCharsets.UTF_8));
			return "sha256-" + Base64.getEncoder().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Where it is, below the actuator's base path. */
	static String path(Environment environment) {
		String id = StatusEndpoint.ID;
		return "/" + environment.getProperty("management.endpoints.web.path-mapping." + id, id) + "/" + NAME;
	}

}
