package dev.llmproxy.server.migration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;

/** Retries, times and rests, which LiteLLM has at two places. */
final class LiteLlmResilience {

	private static final String PREFIX = "llm-proxy.resilience.";

	/** Statuses of the failures that LiteLLM names; ours are tried again by status. */
	private static final Map<String, List<Integer>> STATUSES = statuses();

	private static final long LONGEST_OPEN_SECONDS = 60;

	private static final long LONGEST_REST_SECONDS = 300;

	/** Said only where it differs. */
	private static final String DEFAULT_TOTAL = "10m";

	private final Draft draft;

	LiteLlmResilience(Draft draft) {
		this.draft = draft;
	}

	private static Map<String, List<Integer>> statuses() {
		Map<String, List<Integer>> statuses = new LinkedHashMap<>();
		statuses.put("TimeoutErrorRetries", List.of(408));
		statuses.put("RateLimitErrorRetries", List.of(429));
		statuses.put("InternalServerErrorRetries", List.of(500, 502, 503, 504, 529));
		return statuses;
	}

	void migrate(Section router, Section library) {
		Long retries = first(router, library, "num_retries");
		Long policy = policy(router.section("retry_policy"));
		this.draft.set(PREFIX + "retry.max-retries", (policy != null) ? policy : retries);
		this.draft.comment(PREFIX + "retry", "Rounds over all targets of a route, after the first.");
		Long allowed = first(router, library, "allowed_fails");
		if (allowed != null) {
			this.draft.set(PREFIX + "breaker.failures-in-a-row", allowed + 1);
		}
		cooldown(router, library);
		if (router.isOn("disable_cooldowns")) {
			this.draft.set(PREFIX + "breaker.enabled", false);
			this.draft.set(PREFIX + "cooldown.enabled", false);
		}
		times(router, library);
		router.leftIfAny("max_fallbacks", "all fallbacks are tried, within the budget of retries",
				"See llm-proxy.resilience.retry.budget.");
		router.leftIfAny("retry_after", "waits are random up to a delay that doubles, or what the provider says",
				"See llm-proxy.resilience.retry.base-delay.");
	}

	private static @Nullable Long first(Section router, Section library, String key) {
		Long own = router.whole(key);
		Long other = library.whole(key);
		return (own != null) ? own : other;
	}

	/** One number for all failures, and which of them count. */
	private @Nullable Long policy(Section policy) {
		if (policy.keys().isEmpty()) {
			return null;
		}
		List<Integer> statuses = new ArrayList<>();
		List<Long> counts = new ArrayList<>();
		STATUSES.forEach((name, failures) -> {
			Long count = policy.whole(name);
			if (count == null || count > 0) {
				statuses.addAll(failures);
			}
			if (count != null && count > 0) {
				counts.add(count);
			}
		});
		if (counts.stream().distinct().count() > 1) {
			this.draft.left(policy.path(), "there is one number of retries for all failures: the highest is taken",
					"Set llm-proxy.resilience.retry.max-retries.");
		}
		policy.rest("such a failure is not tried again at the same target, because it would fail again",
				"Other targets and fallbacks are tried anyway; see src-docs/resilience.md.");
		if (!statuses.isEmpty()) {
			this.draft.set(PREFIX + "retry.statuses", statuses);
		}
		return counts.stream().max(Long::compare).orElse(statuses.isEmpty() ? 0L : null);
	}

	private void cooldown(Section router, Section library) {
		String own = router.seconds("cooldown_time");
		String other = library.seconds("cooldown_time");
		String time = (own != null) ? own : other;
		if (time == null) {
			return;
		}
		long seconds = DurationStyle.SIMPLE.parse(time).toSeconds();
		this.draft.set(PREFIX + "breaker.open-for", time);
		if (seconds > LONGEST_OPEN_SECONDS) {
			this.draft.set(PREFIX + "breaker.open-for-at-most", time);
		}
		this.draft.set(PREFIX + "cooldown.base", time);
		if (seconds > LONGEST_REST_SECONDS) {
			this.draft.set(PREFIX + "cooldown.max", time);
		}
	}

	private void times(Section router, Section library) {
		String own = router.seconds("timeout");
		String other = library.seconds("request_timeout");
		String total = (own != null) ? own : other;
		String stream = router.seconds("stream_timeout");
		for (String provider : this.draft.providers()) {
			Map<String, Object> timeouts = new LinkedHashMap<>();
			if (total != null && !total.equals(DEFAULT_TOTAL)) {
				timeouts.put("total", total);
			}
			if (stream != null) {
				timeouts.put("first-token", stream);
				timeouts.put("response-headers", stream);
			}
			if (!timeouts.isEmpty()) {
				this.draft.more(provider).put("timeouts", timeouts);
			}
		}
	}

}
