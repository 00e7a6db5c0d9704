package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.llmproxy.access.ClientKey;
import dev.llmproxy.gateway.Caller;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** Reads the callers' keys from properties and the environment. */
final class ConfiguredKeys {

	static final String ONE = "LLM_PROXY_API_KEY";

	static final String SEVERAL = "LLM_PROXY_API_KEYS";

	private static final String KEYS = "llm-proxy.access.keys";

	private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

	private static final Set<String> RESERVED = Set.of(Caller.ANONYMOUS.id(), Caller.APPLICATION.id());

	private static final String LONGER = "Use a long random one: openssl rand -hex 32";

	private final List<ClientKey> keys = new ArrayList<>();

	/** Where each id, and each hash, was seen first. */
	private final Map<String, String> ids = new LinkedHashMap<>();

	private final Map<String, String> hashes = new LinkedHashMap<>();

	private ConfiguredKeys() {
	}

	/**
	 * Reads them all.
	 * @throws InvalidPropertyException if one can't be used
	 */
	static List<ClientKey> read(AccessProperties properties, Environment environment) {
		ConfiguredKeys configured = new ConfiguredKeys();
		for (int i = 0; i < properties.keys().size(); i++) {
			configured.add(KEYS + "[" + i + "]", properties.keys().get(i));
		}
		String one = environment.getProperty(ONE);
		if (StringUtils.hasText(one)) {
			configured.add(ONE, "default", List.of(), null, (caller) -> ClientKey.ofKey(one.trim(), caller), LONGER);
		}
		List<String> several = Arrays.stream(environment.getProperty(SEVERAL, "").split(","))
			.map(String::trim)
			.filter(StringUtils::hasText)
			.toList();
		for (int i = 0; i < several.size(); i++) {
			String key = several.get(i);
			configured.add(SEVERAL, "key-" + (i + 1), List.of(), null, (caller) -> ClientKey.ofKey(key, caller),
					LONGER);
		}
		return List.copyOf(configured.keys);
	}

	private void add(String place, AccessProperties.Key key) {
		long sources = Stream.of(key.key(), key.hash(), key.keyFile()).filter((source) -> source != null).count();
		if (sources != 1) {
			throw new InvalidPropertyException(place,
					"it has " + ((sources == 0) ? "none" : "more than one") + " of 'key', 'hash' and 'key-file'",
					"Give exactly one of them.");
		}
		if (key.hash() != null) {
			String hash = key.hash().trim();
			add(place + ".hash", key.id(), key.models(), key.team(), (caller) -> ClientKey.ofHash(hash, caller),
					"Make it with: printf %s \"$KEY\" | sha256sum");
		}
		else if (key.keyFile() != null) {
			String value = content(place + ".key-file", key.keyFile());
			add(place + ".key-file", key.id(), key.models(), key.team(), (caller) -> ClientKey.ofKey(value, caller),
					LONGER);
		}
		else if (key.key() != null) {
			String value = key.key().trim();
			add(place + ".key", key.id(), key.models(), key.team(), (caller) -> ClientKey.ofKey(value, caller), LONGER);
		}
	}

	private void add(String property, @Nullable String id, List<String> models, @Nullable String team, Parser parser,
			String fix) {
		if (id == null || !ID.matcher(id).matches() || RESERVED.contains(id)) {
			throw new InvalidPropertyException(property, (id == null) ? "the key has no id" : "its id can't be used",
					"Set 'id' to a name for logs and metrics: up to 64 letters, digits and . _ @ -, other than "
							+ "'anonymous' and 'application'.");
		}
		ClientKey key;
		try {
			key = parser.parse(new Caller(id, models, team));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPropertyException(property, String.valueOf(ex.getMessage()), fix);
		}
		refuseAgain(this.ids, id, property, "id '" + id + "'", "Give each key an id of its own.");
		refuseAgain(this.hashes, HexFormat.of().formatHex(key.hash()), property, "key",
				"Give each caller a key of its own, or remove one of the two.");
		this.keys.add(key);
	}

	private static void refuseAgain(Map<String, String> seen, String value, String property, String what, String fix) {
		String first = seen.putIfAbsent(value, property);
		if (first != null) {
			throw new InvalidPropertyException(property, "the " + what + " is taken already, by " + first, fix);
		}
	}

	private static String content(String property, Path file) {
		try {
			return Files.readString(file).trim();
		}
		catch (IOException ex) {
			throw new InvalidPropertyException(property, "the file '" + file + "' can't be read as text",
					"Check that it exists and that the user of this process may read it.");
		}
	}

	@FunctionalInterface
	private interface Parser {

		ClientKey parse(Caller caller);

	}

}
