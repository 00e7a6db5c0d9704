package dev.llmproxy.observability.trace;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Sees how spans get to a collector: counts them, and says when a collector is lost and
 * when it is back, once each. Thread-safe.
 */
public final class ExportWatch {

	private static final Log logger = LogFactory.getLog(ExportWatch.class);

	private final LongAdder exported = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final LongAdder dropped = new LongAdder();

	/** Spans that a collector took. */
	public long exported() {
		return this.exported.sum();
	}

	/** Spans that no collector took, after all that was tried. */
	public long failed() {
		return this.failed.sum();
	}

	/** Spans for which there was no room in the queue. */
	public long dropped() {
		return this.dropped.sum();
	}

	/** There was no room for so many. */
	void drop(long spans) {
		this.dropped.add(spans);
	}

	/** The same exporter, watched. */
	public SpanExporter over(SpanExporter exporter) {
		return new Watched(exporter);
	}

	private final class Watched implements SpanExporter {

		private final SpanExporter exporter;

		private final AtomicBoolean lost = new AtomicBoolean();

		Watched(SpanExporter exporter) {
			this.exporter = exporter;
		}

		@Override
		public CompletableResultCode export(Collection<SpanData> spans) {
			int count = spans.size();
			CompletableResultCode result = this.exporter.export(spans);
			result.whenComplete(() -> done(result.isSuccess(), count));
			return result;
		}

		private void done(boolean success, int count) {
			(success ? ExportWatch.this.exported : ExportWatch.this.failed).add(count);
			if (success && this.lost.compareAndSet(true, false)) {
				logger.info("Spans are exported again.");
			}
			else if (!success && this.lost.compareAndSet(false, true)) {
				logger.warn("Spans can't be exported, and are lost until they can: see where the collector is.");
			}
		}

		@Override
		public CompletableResultCode flush() {
			return this.exporter.flush();
		}

		@Override
		public CompletableResultCode shutdown() {
			return this.exporter.shutdown();
		}

		@Override
		public String toString() {
			return "Watched{" + this.exporter + "}";
		}

	}

}
