package dev.llmproxy.server.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is tried after a model has failed. The router's settings go first. */
final class LiteLlmFallbacks {

	private static final Map<String, String> KINDS = Map.of("fallbacks", "fallbacks", "context_window_fallbacks",
			"context-window-fallbacks", "content_policy_fallbacks", "content-policy-fallbacks");

	private static final String ALL = "*";

	private final Map<String, Map<String, List<String>>> byKind = new LinkedHashMap<>();

	private final List<String> byDefault = new ArrayList<>();

	LiteLlmFallbacks(Section router, Section library) {
		for (String theirs : List.of("fallbacks", "context_window_fallbacks", "content_policy_fallbacks")) {
			Map<String, List<String>> all = new LinkedHashMap<>();
			read(library, theirs, all);
			read(router, theirs, all);
			this.byKind.put(KINDS.getOrDefault(theirs, theirs), all);
		}
		this.byDefault.addAll(router.texts("default_fallbacks"));
		if (this.byDefault.isEmpty()) {
			this.byDefault.addAll(library.texts("default_fallbacks"));
		}
		else {
			library.take("default_fallbacks");
		}
	}

	private static void read(Section section, String key, Map<String, List<String>> all) {
		for (Section one : section.sections(key)) {
			for (String model : one.keys()) {
				all.put(model, one.texts(model));
			}
		}
	}

	/** Where they are, for messages. */
	String item() {
		return "fallbacks";
	}

	/** By the property of a route. */
	Map<String, List<String>> of(String model) {
		Map<String, List<String>> found = new LinkedHashMap<>();
		this.byKind.forEach((kind, all) -> {
			List<String> others = all.getOrDefault(model, all.getOrDefault(ALL, List.of()));
			if (others.isEmpty() && kind.equals("fallbacks")) {
				others = this.byDefault;
			}
			if (!others.isEmpty()) {
				found.put(kind, others);
			}
		});
		return found;
	}

	/** Models that have any. */
	List<String> models() {
		return this.byKind.values().stream().flatMap((all) -> all.keySet().stream()).distinct().toList();
	}

}
