package dev.llmproxy.observability;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptEnd;
import dev.llmproxy.provider.AttemptListener;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class AttemptMeterGateTest {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final SeriesCap cap = new SeriesCap(100, Set::of);

	@Test
	void measuresAStreamOnce() {
		Attempt attempt = Calls.attempt("up", "m", Attempt.Kind.FALLBACK, true);
		Outcome outcome = Calls.used(new Usage(10, 5, 0, 0, 0, 0, 0, true), 5);
		AttemptListener listener = gate(GenAiConventions.V1_41).enter(attempt);
		listener.head(Calls.answer(outcome));
		listener.ended(AttemptEnd.of(attempt, outcome));
		Timer duration = this.registry.get("gen_ai.client.operation.duration")
			.tags("gen_ai.operation.name", "chat", "gen_ai.provider.name", "up.vendor", "gen_ai.request.model", "m",
					"llm.route", "route", "error.type", "none")
			.timer();
		assertThat(duration.count()).isEqualTo(1);
		Timer first = this.registry.get("gen_ai.client.operation.time_to_first_chunk").timer();
		Timer chunk = this.registry.get("gen_ai.client.operation.time_per_output_chunk").timer();
		assertThat(first.count()).isEqualTo(1);
		assertThat(chunk.count()).isEqualTo(1);
		assertThat(chunk.totalTime(TimeUnit.NANOSECONDS)).isLessThanOrEqualTo(
				(duration.totalTime(TimeUnit.NANOSECONDS) - first.totalTime(TimeUnit.NANOSECONDS)) / 4);
		assertThat(tokens("input")).isEqualTo(10);
		assertThat(tokens("output")).isEqualTo(5);
		assertThat(this.registry.get("llm.proxy.usage.estimated").counter().count()).isEqualTo(1);
		assertThat(attempts("fallback", "success")).isEqualTo(1);
		assertThat(bounds(duration)).containsExactly(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24,
				20.48, 40.96, 81.92);
	}

	private double tokens(String type) {
		return this.registry.get("gen_ai.client.token.usage").tag("gen_ai.token.type", type).summary().totalAmount();
	}

	private double attempts(String kind, String outcome) {
		return this.registry.get("llm.proxy.attempts")
			.tags("llm.route", "route", "provider", "up", "kind", kind, "outcome", outcome)
			.counter()
			.count();
	}

	private static double[] bounds(Timer timer) {
		return Arrays.stream(timer.takeSnapshot().histogramCounts())
			.mapToDouble((CountAtBucket bucket) -> bucket.bucket(TimeUnit.SECONDS))
			.toArray();
	}

	@Test
	void aWholeAnswerHasNoChunks() {
		Attempt attempt = Calls.attempt("up", "m", Attempt.Kind.FIRST, false);
		AttemptListener listener = gate(GenAiConventions.V1_41).enter(attempt);
		listener.head(Calls.answer(new Outcome()));
		listener.ended(AttemptEnd.of(attempt, Calls.used(Usage.of(1, 1), 0)));
		assertThat(names()).doesNotContain("gen_ai.client.operation.time_to_first_chunk",
				"gen_ai.client.operation.time_per_output_chunk");
	}

	@Test
	void saysHowItEnded() {
		Attempt attempt = Calls.attempt("up", "m", Attempt.Kind.HEDGE, false);
		AttemptMeterGate gate = gate(GenAiConventions.V1_41);
		gate.enter(attempt).ended(AttemptEnd.failed(attempt, new LlmException(Calls.error(ErrorKind.UPSTREAM))));
		gate.enter(attempt).ended(AttemptEnd.failed(attempt, new LlmException(Calls.error(ErrorKind.RATE_LIMIT))));
		gate.enter(attempt).ended(AttemptEnd.cancelled(attempt, null));
		Outcome broken = new Outcome();
		broken.error(Calls.error(ErrorKind.TIMEOUT));
		gate.enter(attempt).ended(AttemptEnd.of(attempt, broken));
		for (String type : new String[] { "upstream", "rate_limit", "cancelled", "timeout" }) {
			assertThat(attempts("hedge", type)).as(type).isEqualTo(1);
			assertThat(this.registry.get("gen_ai.client.operation.duration").tag("error.type", type).timer().count())
				.as(type)
				.isEqualTo(1);
		}
	}

	@Test
	void whatAnotherGateRefusesIsNoAttempt() {
		Attempt attempt = Calls.attempt("up", "m", Attempt.Kind.FIRST, false);
		gate(GenAiConventions.V1_41).enter(attempt)
			.ended(AttemptEnd.refused(attempt, new LlmException(Calls.error(ErrorKind.OVERLOADED))));
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void hasTheNamesOfTheDraftWhereThatIsWanted() {
		Attempt attempt = Calls.attempt("up", "m", Attempt.Kind.FIRST, true);
		Outcome outcome = Calls.used(new Usage(10, 5, 4, 3, 2, 0, 0, false), 5);
		AttemptListener listener = gate(GenAiConventions.DRAFT).enter(attempt);
		listener.head(Calls.answer(outcome));
		listener.ended(AttemptEnd.of(attempt, outcome));
		assertThat(names()).containsExactly("gen_ai.client.inference.duration",
				"gen_ai.client.inference.operation.input_tokens", "gen_ai.client.inference.operation.output_tokens",
				"gen_ai.client.inference.time_per_output_chunk", "gen_ai.client.inference.time_to_first_chunk",
				"gen_ai.client.inference.usage.cache_read.input_tokens",
				"gen_ai.client.inference.usage.cache_write.input_tokens", "gen_ai.client.inference.usage.input_tokens",
				"gen_ai.client.inference.usage.output_tokens", "gen_ai.client.inference.usage.reasoning.output_tokens",
				"llm.proxy.attempts", "llm.proxy.usage.estimated");
		assertThat(used("input_tokens")).isEqualTo(10);
		assertThat(used("output_tokens")).isEqualTo(5);
		assertThat(used("cache_read.input_tokens")).isEqualTo(4);
		assertThat(used("cache_write.input_tokens")).isEqualTo(3);
		assertThat(used("reasoning.output_tokens")).isEqualTo(2);
		assertThat(this.registry.get("gen_ai.client.inference.operation.output_tokens").summary().totalAmount())
			.isEqualTo(5);
	}

	private double used(String name) {
		return this.registry.get("gen_ai.client.inference.usage." + name).counter().count();
	}

	@ParameterizedTest
	@EnumSource(GenAiConventions.class)
	void theDraftCallsEmbeddingsByTheirName(GenAiConventions conventions) {
		new GenAiMeters(this.registry, this.cap, conventions)
			.of(new AttemptLabels(Operation.EMBEDDINGS.operationName(), "openai", "up", "route", "m"))
			.ended(Attempt.Kind.FIRST, "none", 1);
		assertThat(names()).contains((conventions == GenAiConventions.DRAFT) ? "gen_ai.client.embeddings.duration"
				: "gen_ai.client.operation.duration");
	}

	private AttemptMeterGate gate(GenAiConventions conventions) {
		return new AttemptMeterGate(new GenAiMeters(this.registry, this.cap, conventions), Exemplars.NONE);
	}

	private Set<String> names() {
		return this.registry.getMeters()
			.stream()
			.map((meter) -> meter.getId().getName())
			// The gauges of buckets that the simple registry has beside them.
			.filter((name) -> !name.endsWith(".histogram"))
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
