package dev.llmproxy.observability.trace;

import java.util.List;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;

/**
 * Records what {@link Sampling} has decided to record, and leaves all other spans to
 * another sampler. Without it a sample of ten percent would be sampled again.
 */
public final class DecidedSampler implements Sampler {

	private final Sampler others;

	public DecidedSampler(Sampler others) {
		this.others = others;
	}

	@Override
	public SamplingResult shouldSample(Context parent, String traceId, String name, SpanKind kind,
			Attributes attributes, List<LinkData> links) {
		return Sampling.isDecided(parent) ? SamplingResult.recordAndSample()
				: this.others.shouldSample(parent, traceId, name, kind, attributes, links);
	}

	@Override
	public String getDescription() {
		return "Decided{" + this.others.getDescription() + "}";
	}

}
