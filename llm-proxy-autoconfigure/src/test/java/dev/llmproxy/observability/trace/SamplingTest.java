package dev.llmproxy.observability.trace;

import java.util.HashSet;
import java.util.Set;

import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.TraceContext;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

class SamplingTest {

	private static final TraceContext SAMPLED = new TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331",
			true, "a=b");

	private static final TraceContext UNSAMPLED = new TraceContext("0af7651916cd43dd8448eb211c80319c",
			"b7ad6b7169203331", false, "a=b");

	@ParameterizedTest
	@ValueSource(doubles = { 0, 0.1, 0.5, 1 })
	void samplesItsShare(double probability) {
		Sampling sampling = new Sampling(Sampler.parentBased(Sampler.traceIdRatioBased(probability)));
		Set<String> traces = new HashSet<>();
		int calls = 20_000;
		int sampled = 0;
		for (int i = 0; i < calls; i++) {
			TraceContext place = sampling.decide(Operation.CHAT, null);
			assertThat(place.traceId()).matches("[0-9a-f]{32}");
			assertThat(place.spanId()).matches("[0-9a-f]{16}");
			traces.add(place.traceId());
			sampled += place.sampled() ? 1 : 0;
		}
		assertThat(traces).hasSize(calls);
		assertThat((double) sampled / calls).isEqualTo(probability, offset(0.03));
	}

	@Test
	void leavesItToTheCallerWhoHasDecided() {
		Sampling never = new Sampling(Sampler.parentBased(Sampler.alwaysOff()));
		Sampling always = new Sampling(Sampler.parentBased(Sampler.alwaysOn()));
		assertThat(never.decide(Operation.CHAT, SAMPLED)).isEqualTo(SAMPLED);
		assertThat(always.decide(Operation.CHAT, UNSAMPLED)).isEqualTo(UNSAMPLED);
	}

	@Test
	void leavesItToASamplerThatKnowsBetter() {
		assertThat(new Sampling(Sampler.alwaysOff()).decide(Operation.CHAT, SAMPLED)).isEqualTo(UNSAMPLED);
		assertThat(new Sampling(Sampler.alwaysOn()).decide(Operation.CHAT, UNSAMPLED)).isEqualTo(SAMPLED);
	}

}
