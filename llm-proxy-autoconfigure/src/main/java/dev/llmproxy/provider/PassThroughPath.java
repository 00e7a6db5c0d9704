package dev.llmproxy.provider;

import java.net.URI;
import java.util.Locale;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;

/**
 * Puts a caller's path below a provider's base URL, and never beside it: nothing in a
 * request chooses where a credential is sent (S1).
 */
final class PassThroughPath {

	private PassThroughPath() {
	}

	/**
	 * The address.
	 * @param path raw path and query
	 * @throws LlmException if the path could lead out of the base URL
	 */
	static URI below(HttpProviderSpec spec, String path) {
		int query = path.indexOf('?');
		String segments = ((query >= 0) ? path.substring(0, query) : path).toLowerCase(Locale.ROOT);
		if (!segments.startsWith("/") || segments.contains("//") || segments.contains("\\") || segments.contains("%2f")
				|| segments.contains("%5c") || hasDots(segments) || path.indexOf('#') >= 0) {
			throw refused();
		}
		String base = spec.baseUrl().toString();
		if (base.endsWith("/")) {
			base = base.substring(0, base.length() - 1);
		}
		try {
			URI address = URI.create(base + path);
			if (!spec.baseUrl().getRawAuthority().equals(address.getRawAuthority())) {
				throw refused();
			}
			return address;
		}
		catch (IllegalArgumentException ex) {
			throw refused();
		}
	}

	private static boolean hasDots(String segments) {
		for (String segment : segments.split("/")) {
			String decoded = segment.replace("%2e", ".");
			if (decoded.equals(".") || decoded.equals("..")) {
				return true;
			}
		}
		return false;
	}

	private static LlmException refused() {
		return new LlmException(new LlmError(ErrorKind.INVALID_REQUEST,
				"The path below the provider must be plain: no empty or dot segments, no encoded slashes.",
				"invalid_path", null));
	}

}
