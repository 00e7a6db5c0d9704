package dev.llmproxy.routing;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.Unavailability;
import org.jspecify.annotations.Nullable;

/**
 * What a target must be said to be: what nobody said of it, it is not.
 *
 * @param regions one of which the data may go to, in lower case; {@code eu} takes
 * {@code eu-central-1} in; empty for all
 * @param tags that it must have, all of them
 */
public record Requirement(Set<String> regions, Set<String> tags) {

	public static final Requirement NONE = new Requirement(Set.of(), Set.of());

	private static final String REGION_HEADER = "llm-proxy-region";

	private static final String TAGS_HEADER = "llm-proxy-tags";

	public Requirement {
		regions = Set.copyOf(regions);
		tags = Set.copyOf(tags);
	}

	/** What a caller demands with the headers of this request. */
	static Requirement of(LlmRequest request) {
		String regions = request.hint(REGION_HEADER);
		String tags = request.hint(TAGS_HEADER);
		return (regions == null && tags == null) ? NONE : new Requirement(
				list((regions != null) ? regions.toLowerCase(Locale.ROOT) : ""), list((tags != null) ? tags : ""));
	}

	private static Set<String> list(String text) {
		Set<String> names = new TreeSet<>();
		for (String name : text.split(",")) {
			if (!name.isBlank()) {
				names.add(name.strip());
			}
		}
		return names;
	}

	/** Why a target is not that; {@code null} if it is. */
	@Nullable Unavailability check(Deployment deployment) {
		if (!this.regions.isEmpty() && !isIn(deployment.region())) {
			return new Unavailability("region",
					(deployment.region() != null)
							? "is in region " + deployment.region() + ", not in one that is demanded"
							: "does not say its region",
					null);
		}
		if (!deployment.tags().containsAll(this.tags)) {
			return new Unavailability("tags", "has not all tags that are demanded", null);
		}
		return null;
	}

	private boolean isIn(@Nullable String region) {
		if (region == null) {
			return false;
		}
		String lower = region.toLowerCase(Locale.ROOT);
		for (String wanted : this.regions) {
			if (lower.equals(wanted) || lower.startsWith(wanted + "-")) {
				return true;
			}
		}
		return false;
	}

}
