package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.provider.Providers;

/** Finds what is wrong with aliases, and says which property that is. */
final class RoutingChecks {

	private static final int LONGEST_NAME = 256;

	private static final String EXAMPLE = "A target is written provider/model, such as openai/gpt-4o-mini.";

	private RoutingChecks() {
	}

	/**
	 * Checks all of them.
	 * @throws InvalidPropertyException if one can't work
	 */
	static void check(Providers providers, RoutingProperties properties) {
		String fallback = properties.defaultProvider();
		if (fallback != null && providers.find(fallback) == null) {
			throw unknown("llm-proxy.default-provider", fallback, providers);
		}
		properties.aliases().forEach((alias, targets) -> {
			String property = "llm-proxy.aliases[" + alias + "]";
			checkName(property, alias);
			if (targets.isEmpty()) {
				throw new InvalidPropertyException(property, "it stands for nothing", EXAMPLE);
			}
			targets.forEach((target) -> check(property, target, providers, properties));
		});
	}

	/** Checks what callers are to know something by. */
	static void checkName(String property, String name) {
		if (name.isBlank() || name.length() > LONGEST_NAME || hasControls(name)) {
			throw new InvalidPropertyException(property, "this is no name",
					"Use 1 to " + LONGEST_NAME + " characters that can be seen.");
		}
	}

	private static void check(String property, String target, Providers providers, RoutingProperties properties) {
		int slash = target.indexOf('/');
		if (slash <= 0 || slash == target.length() - 1) {
			boolean alias = properties.aliases().containsKey(target);
			throw new InvalidPropertyException(property,
					"'" + target + "' is " + (alias ? "an alias itself" : "no target"),
					EXAMPLE + (alias ? " Give the targets of '" + target + "' instead." : ""));
		}
		String name = target.substring(0, slash);
		if (providers.find(name) == null) {
			throw unknown(property, name, providers);
		}
	}

	static InvalidPropertyException unknown(String property, String name, Providers providers) {
		List<String> names = List.copyOf(providers.names());
		return new InvalidPropertyException(property, "there is no provider '" + name + "'",
				(names.isEmpty() ? "There is no provider at all." : "There are: " + String.join(", ", names) + ".")
						+ " Add one as 'llm-proxy.providers." + name
						+ ".…', or put its key where the vendor's tools look for it, such as OPENAI_API_KEY.");
	}

	private static boolean hasControls(String name) {
		return name.chars().anyMatch((c) -> c < 0x20 || c == 0x7f);
	}

}
