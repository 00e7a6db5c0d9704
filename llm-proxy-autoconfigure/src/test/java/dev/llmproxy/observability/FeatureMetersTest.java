package dev.llmproxy.observability;

import dev.llmproxy.cache.CacheOutcome;
import dev.llmproxy.context.ContextAction;
import dev.llmproxy.context.ContextListener.SummaryEvent;
import dev.llmproxy.limit.FailureMode;
import dev.llmproxy.limit.Limited;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The meters of limits, the cache and the context. */
class FeatureMetersTest {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void countsWhatLimitsDecide() {
		LimitMeters meters = new LimitMeters(this.registry);
		meters.admitted("per-key");
		meters.admitted("per-key");
		meters.refused("per-key", Limited.TOKENS);
		meters.refused("per-key", Limited.CONCURRENCY);
		meters.uncounted(FailureMode.LOCAL);
		assertThat(count("llm.proxy.limit.decisions", "limit", "per-key", "outcome", "admitted", "limited", "none"))
			.isEqualTo(2);
		assertThat(count("llm.proxy.limit.decisions", "limit", "per-key", "outcome", "refused", "limited", "tokens"))
			.isEqualTo(1);
		assertThat(count("llm.proxy.limit.decisions", "limit", "per-key", "outcome", "refused", "limited",
				"concurrent_requests"))
			.isEqualTo(1);
		assertThat(count("llm.proxy.limit.fallbacks", "failure.mode", "local")).isEqualTo(1);
	}

	@Test
	void countsWhatTheCacheDoes() {
		CacheMeters meters = new CacheMeters(this.registry);
		meters.answered(CacheOutcome.HIT, false);
		meters.answered(CacheOutcome.HIT, true);
		meters.kept();
		meters.passedOver("too_large");
		meters.evicted();
		meters.sharedFault("timeout");
		assertThat(count("llm.proxy.cache.requests", "outcome", "hit")).isEqualTo(1);
		assertThat(count("llm.proxy.cache.requests", "outcome", "stale")).isEqualTo(1);
		assertThat(count("llm.proxy.cache.stores", "outcome", "kept")).isEqualTo(1);
		assertThat(count("llm.proxy.cache.stores", "outcome", "too_large")).isEqualTo(1);
		assertThat(count("llm.proxy.cache.evictions", "cause", "size")).isEqualTo(1);
		assertThat(count("llm.proxy.cache.shared.faults", "reason", "timeout")).isEqualTo(1);
	}

	@Test
	void countsWhatIsDoneToConversations() {
		ContextMeters meters = new ContextMeters(this.registry);
		meters.done(ContextAction.TRIMMED, 100, 60);
		meters.done(ContextAction.TRIMMED, 50, 40);
		meters.done(ContextAction.REJECTED, 100, 0);
		meters.summary(SummaryEvent.REUSED);
		assertThat(count("llm.proxy.context.conversations", "action", "trimmed")).isEqualTo(2);
		assertThat(count("llm.proxy.context.tokens.saved", "action", "trimmed")).isEqualTo(50);
		assertThat(count("llm.proxy.context.tokens.saved", "action", "rejected")).isZero();
		assertThat(count("llm.proxy.context.summaries", "event", "reused")).isEqualTo(1);
	}

	private double count(String name, String... tags) {
		return this.registry.get(name).tags(tags).counter().count();
	}

}
