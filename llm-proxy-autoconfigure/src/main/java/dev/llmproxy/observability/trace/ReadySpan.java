package dev.llmproxy.observability.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;

/**
 * A span whose attributes are made once. Those of the bridge are put together and sorted
 * each time they are asked for, which an exporter does four times for each span.
 */
final class ReadySpan extends DelegatingSpanData {

	private final Attributes attributes;

	private final Resource resource;

	ReadySpan(SpanData span) {
		super(span);
		this.attributes = span.getAttributes();
		this.resource = span.getResource();
	}

	@Override
	public Attributes getAttributes() {
		return this.attributes;
	}

	@Override
	public Resource getResource() {
		return this.resource;
	}

	/** As the bridge counts them: of those left out it knows nothing. */
	@Override
	public int getTotalAttributeCount() {
		return this.attributes.size();
	}

}
