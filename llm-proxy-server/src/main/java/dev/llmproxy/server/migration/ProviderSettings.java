package dev.llmproxy.server.migration;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** What the properties of a provider are made of. */
final class ProviderSettings {

	/** Stands where there is no key; some clients insist on sending one. */
	private static final Set<String> NO_KEY = Set.of("EMPTY", "empty", "none", "None", "null");

	private final Draft draft;

	ProviderSettings(Draft draft) {
		this.draft = draft;
	}

	/** The address as a type here wants it; {@code null} for the vendor's own. */
	static @Nullable String baseUrl(String type, @Nullable String address, boolean older) {
		if (address == null) {
			return null;
		}
		String base = without(address, "/chat/completions");
		return switch (type) {
			case "azure" -> azure(base, older);
			case "anthropic" -> versioned(without(base, "/messages"), "/v1");
			case "ollama" -> versioned(base, "/v1");
			case "gemini" -> versioned(base, "/v1beta");
			case "cohere" -> root(base);
			default -> base;
		};
	}

	/** The resource, and below it the v1 API unless the older one is used. */
	private static String azure(String base, boolean older) {
		int path = base.indexOf("/openai");
		String resource = (path > 0) ? base.substring(0, path) : base;
		return older ? resource : resource + "/openai/v1";
	}

	private static String without(String address, String end) {
		return address.endsWith(end) ? address.substring(0, address.length() - end.length()) : address;
	}

	private static String versioned(String base, String version) {
		return base.matches(".*/v\\d[a-z0-9]*") ? base : base + version;
	}

	private static String root(String base) {
		int slash = base.indexOf('/', base.indexOf("://") + 3);
		return (slash > 0 && base.contains("://")) ? base.substring(0, slash) : base;
	}

	/** The key, or where the other gateway looks for it. */
	void key(String item, Vendor vendor, @Nullable String key, Map<String, Object> settings) {
		if (key != null && NO_KEY.contains(key)) {
			return;
		}
		String variable = (vendor.variable() != null) ? vendor.variable()
				: vendor.type().toUpperCase(Locale.ROOT) + "_API_KEY";
		String secret = this.draft.secret(item, key, variable);
		if (secret != null) {
			settings.put("api-key", secret);
		}
		else if (vendor.variable() != null) {
			settings.put("api-key", "${" + vendor.variable() + "}");
		}
	}

	/** Headers that are sent along. */
	void headers(Section headers, Map<String, Object> settings) {
		Map<String, Object> all = new LinkedHashMap<>();
		if (settings.get("headers") instanceof Map<?, ?> before) {
			before.forEach((name, value) -> all.put(String.valueOf(name), value));
		}
		for (String name : headers.keys()) {
			String value = headers.text(name);
			if (value != null) {
				all.put(name, this.draft.open(headers.path(name), name, value, name));
			}
		}
		if (!all.isEmpty()) {
			settings.put("headers", all);
		}
	}

	/** A name for a provider that is told by its address. */
	static String named(String prefix, @Nullable String baseUrl) {
		String host = null;
		try {
			host = (baseUrl != null) ? URI.create(baseUrl).getHost() : null;
		}
		catch (IllegalArgumentException ex) {
			// A placeholder tells nothing.
		}
		if (host == null) {
			return plain(prefix);
		}
		String label = host.matches("[0-9.]+|localhost") ? host : host.split("\\.")[0];
		return plain((label.equals("api") || label.equals("www")) ? host : label);
	}

	static String plain(String name) {
		String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
		return plain.isEmpty() ? "other" : plain.substring(0, Math.min(plain.length(), 48));
	}

}
