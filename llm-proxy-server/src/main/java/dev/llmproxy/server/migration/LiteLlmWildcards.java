package dev.llmproxy.server.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Names with '*': all models of a vendor, or all that begin alike. */
final class LiteLlmWildcards {

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

	private final Draft draft;

	private final Set<String> names = new LinkedHashSet<>();

	LiteLlmWildcards(Draft draft) {
		this.draft = draft;
	}

	/** Providers whose names are beginnings of models come first, to get these names. */
	void add(List<Deployment> deployments) {
		deployments.stream().filter(LiteLlmWildcards::isVendor).forEach(this::vendor);
		deployments.stream().filter((one) -> !isVendor(one)).forEach(this::beginning);
		for (Deployment one : deployments) {
			if (!one.facts().isEmpty() || one.weight() != null || one.order() != null || one.retries() != null
					|| one.total() != null) {
				this.draft.left(one.path(),
						"limits, prices, weights and times belong to one model here, and '" + one.group() + "' is many",
						"Give the models that need it routes of their own.");
			}
		}
	}

	private static boolean isVendor(Deployment one) {
		return one.group().endsWith("/*") && one.group().indexOf('*') == one.group().length() - 1
				&& one.group().indexOf('/') == one.group().length() - 2 && one.model().equals("*");
	}

	private void vendor(Deployment one) {
		String name = one.group().substring(0, one.group().length() - 2);
		if (!NAME.matcher(name).matches()) {
			this.draft.left(one.path(), "'" + name + "' can't be the name of a provider", "Use lower case letters.");
			return;
		}
		if (!this.draft.providers().contains(name)) {
			this.draft.provider(name, one.type(), one.settings());
		}
		else if (!this.draft.settings(name).equals(one.settings()) && !merged(name, one)) {
			this.draft.left(one.path(), "'" + one.group() + "' is served by another deployment already, and a provider "
					+ "has one address", "Make a route for each model that both shall serve.");
			return;
		}
		this.names.add(one.group());
	}

	/** Several keys of one provider are used in turn. */
	private boolean merged(String name, Deployment one) {
		Map<String, Object> present = this.draft.settings(name);
		Map<String, Object> rest = new LinkedHashMap<>(present);
		Map<String, Object> others = new LinkedHashMap<>(one.settings());
		List<Object> keys = new ArrayList<>();
		if (rest.remove("api-keys") instanceof List<?> many) {
			keys.addAll(many);
		}
		Object first = rest.remove("api-key");
		if (first != null) {
			keys.add(first);
		}
		Object key = others.remove("api-key");
		if (key == null || !rest.equals(others)) {
			return false;
		}
		keys.add(key);
		present.remove("api-key");
		present.put("api-keys", keys);
		return true;
	}

	private void beginning(Deployment one) {
		String group = one.group();
		int star = group.indexOf('*');
		if (group.equals("*") && one.model().equals("*")) {
			String provider = this.draft.provider(one.provider(), one.type(), one.settings());
			this.draft.set("llm-proxy.default-provider", provider, "Serves all names that nobody else claims.");
			this.names.add(group);
		}
		else if (star == group.length() - 1 && group.indexOf('/') < 0 && one.model().equals(group)) {
			String provider = this.draft.provider(one.provider(), one.type(), one.settings());
			Map<String, Object> settings = this.draft.more(provider);
			List<Object> prefixes = new ArrayList<>();
			if (settings.get("model-prefixes") instanceof List<?> before) {
				prefixes.addAll(before);
			}
			prefixes.add(group.substring(0, star));
			settings.put("model-prefixes", prefixes);
			this.names.add(group);
		}
		else {
			this.draft.left(one.path(), "the pattern '" + group + "' can't be told by the beginning of a name",
					"Name each model in llm-proxy.aliases, or have callers say provider/model.");
		}
	}

	Set<String> names() {
		return this.names;
	}

	/** What serves a name. */
	@Nullable String target(String name) {
		int slash = name.indexOf('/');
		return (slash > 0 && this.names.contains(name.substring(0, slash) + "/*")) ? name : null;
	}

}
