package dev.llmproxy.provider;

import java.util.List;
import java.util.Map;

/**
 * What a vendor does differently from the dialect it speaks. Applied to top-level fields
 * of JSON requests, whether they pass through or were translated.
 *
 * @param unsupported fields it refuses: left out and named as dropped
 * @param renamed fields it knows by another name
 */
public record Quirks(List<String> unsupported, Map<String, String> renamed) {

	public static final Quirks NONE = new Quirks(List.of(), Map.of());

	public Quirks {
		unsupported = List.copyOf(unsupported);
		renamed = Map.copyOf(renamed);
	}

	boolean none() {
		return this.unsupported.isEmpty() && this.renamed.isEmpty();
	}

}
