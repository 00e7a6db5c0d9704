package dev.llmproxy.server.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** The new configuration as it comes into being, and what did not map. */
final class Draft {

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^{}]+}");

	/** Names of headers whose values are nobody's business. */
	private static final Pattern SECRET_NAME = Pattern.compile("(?i).*(auth|key|token|secret|cookie|password).*");

	/** Values that look like a vendor's credential, wherever they are. */
	private static final Pattern SECRET_VALUE = Pattern.compile(
			"(?i)((sk|pk|rk|gsk|xai|hf|r8|csk|pplx|nvapi|fw|ghp|whsec)[-_]|AIza|AKIA|ASIA|ya29[.]|eyJ|bearer ).{8,}");

	private static final Pattern PASSWORD = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://[^/@\\s]*@.*");

	private final String origin;

	private final Document document = new Document();

	private final List<Leftover> leftovers = new ArrayList<>();

	/** Secrets in plain text, and the variable that is to hold each. */
	private final Map<String, String> variables = new LinkedHashMap<>();

	private final Set<String> taken = new LinkedHashSet<>();

	/** What providers are made of, by their names. */
	private final Map<String, Map<String, Object>> providers = new LinkedHashMap<>();

	private final Map<String, String> types = new LinkedHashMap<>();

	/** What is added to providers without making them other ones. */
	private final Map<String, Map<String, Object>> more = new LinkedHashMap<>();

	private boolean detectProviders;

	private final Map<String, Object> aliases = new LinkedHashMap<>();

	private final Map<String, Object> routes = new LinkedHashMap<>();

	Draft(String origin) {
		this.origin = origin;
	}

	void left(String item, String reason, String action) {
		Leftover leftover = new Leftover(item, reason, action);
		if (!this.leftovers.contains(leftover)) {
			this.leftovers.add(leftover);
		}
	}

	void set(String property, @Nullable Object value) {
		if (value != null) {
			this.document.set(property, value);
		}
	}

	void set(String property, @Nullable Object value, String comment) {
		if (value != null) {
			this.document.set(property, value);
			this.document.comment(property, comment);
		}
	}

	void comment(String property, String comment) {
		this.document.comment(property, comment);
	}

	/**
	 * A secret as a placeholder, whatever it was.
	 * @param variable what is to hold it, if it was there in plain text
	 */
	@Nullable String secret(String item, @Nullable String value, String variable) {
		if (value == null || value.isEmpty() || PLACEHOLDER.matcher(value).matches()) {
			return (value == null || value.isEmpty()) ? null : value;
		}
		String placeholder = placeholder(value, variable);
		left(item, "a secret in plain text is not taken over", "Put it into the environment variable "
				+ placeholder.substring(2, placeholder.length() - 1) + " of the server, or into a file.");
		return placeholder;
	}

	/** The same for the same value. */
	String placeholder(String value, String variable) {
		String name = this.variables.get(value);
		if (name == null) {
			String base = variable.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
			name = base;
			for (int i = 2; !this.taken.add(name); i++) {
				name = base + "_" + i;
			}
			this.variables.put(value, name);
		}
		return "${" + name + "}";
	}

	/** Something that mostly is no secret: an address, or a header. */
	String open(String item, String name, String value, String variable) {
		boolean secret = SECRET_NAME.matcher(name).matches() || SECRET_VALUE.matcher(value).matches()
				|| PASSWORD.matcher(value).matches();
		String safe = secret ? secret(item, value, variable) : value;
		return (safe != null) ? safe : "";
	}

	/** An address, without what is no part of it. */
	@Nullable String address(String item, @Nullable String value, String variable) {
		if (value == null || value.isEmpty()) {
			return null;
		}
		String safe = open(item, "address", value, variable);
		int query = safe.startsWith("${") ? -1 : safe.indexOf('?');
		if (query >= 0) {
			left(item, "an address has no query here", "Say what it had as a header, or as api-version.");
			safe = safe.substring(0, query);
		}
		return safe.endsWith("/") ? safe.substring(0, safe.length() - 1) : safe;
	}

	/**
	 * The name of a provider: the one that there is already, or a new one.
	 * @param name what it is to be called if that is free
	 */
	String provider(String name, String type, Map<String, Object> settings) {
		for (Map.Entry<String, Map<String, Object>> one : this.providers.entrySet()) {
			if (type.equals(this.types.get(one.getKey())) && settings.equals(one.getValue())) {
				return one.getKey();
			}
		}
		String free = name;
		for (int i = 2; this.providers.containsKey(free); i++) {
			free = name + "-" + i;
		}
		this.providers.put(free, settings);
		this.types.put(free, type);
		return free;
	}

	@Nullable String typeOf(String provider) {
		return this.types.get(provider);
	}

	Set<String> providers() {
		return this.providers.keySet();
	}

	/** What a provider is made of. */
	Map<String, Object> settings(String provider) {
		return this.providers.getOrDefault(provider, Map.of());
	}

	/** Settings of a provider that don't make it another one. */
	Map<String, Object> more(String provider) {
		return this.more.computeIfAbsent(provider, (name) -> new LinkedHashMap<>());
	}

	void detectProviders() {
		this.detectProviders = true;
	}

	void alias(String name, Object targets) {
		this.aliases.put(name, targets);
	}

	void route(String name, Map<String, Object> route) {
		this.routes.put(name, route);
	}

	Migration finished() {
		Map<String, Object> all = new LinkedHashMap<>();
		this.providers.forEach((name, settings) -> {
			Map<String, Object> provider = new LinkedHashMap<>();
			String type = String.valueOf(this.types.get(name));
			if (!type.equals(name)) {
				provider.put("type", type);
			}
			provider.putAll(settings);
			provider.putAll(more(name));
			all.put(name, provider);
		});
		set("llm-proxy.detect-providers", this.detectProviders, this.detectProviders
				? "Vendors whose variables hold a key are served too." : "Only what is named below is served.");
		putAll("llm-proxy.providers", all,
				"A provider for each vendor, address and key. Keys come from the environment.");
		putAll("llm-proxy.aliases", this.aliases, "Names of models that stand for one provider/model.");
		putAll("llm-proxy.routes", this.routes, "Names of models with more to be said.");
		return new Migration(
				this.document.write(List.of("Made of " + this.origin + ". What did not map was told on standard error.",
						"Every property is described in src-docs/configuration.md.")),
				this.leftovers);
	}

	private void putAll(String property, Map<String, Object> values, String comment) {
		if (!values.isEmpty()) {
			set(property, values, comment);
		}
	}

}
