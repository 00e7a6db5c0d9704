package dev.llmproxy.observability.trace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class ExportWatchTest {

	private final ExportWatch watch = new ExportWatch();

	private final Collector collector = new Collector();

	private final SdkTracerProvider tracers = SdkTracerProvider.builder()
		.addSpanProcessor(BatchSpanProcessor.builder(this.watch.over(this.collector))
			.setMaxQueueSize(8)
			.setMaxExportBatchSize(4)
			.setScheduleDelay(Duration.ofMillis(10))
			.setMeterProvider(new DroppedSpans(this.watch))
			.build())
		.build();

	@AfterEach
	void stop() {
		this.collector.answer(true);
		this.tracers.close();
	}

	@Test
	void countsWhatIsExported() {
		this.collector.answer(true);
		record(3);
		Awaitility.await().until(() -> this.watch.exported() == 3);
		assertThat(this.watch.failed()).isZero();
		assertThat(this.watch.dropped()).isZero();
	}

	@Test
	void countsWhatThereIsNoRoomForWhileACollectorHangs() {
		record(100);
		Awaitility.await().until(() -> this.watch.dropped() > 0);
		this.collector.answer(true);
		Awaitility.await().untilAsserted(() -> assertThat(this.watch.exported() + this.watch.dropped()).isEqualTo(100));
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		new TraceMeters(this.watch).bindTo(registry);
		assertThat(registry.get("llm.proxy.trace.spans").tag("outcome", "dropped").functionCounter().count())
			.isEqualTo(this.watch.dropped());
		assertThat(registry.get("llm.proxy.trace.spans").tag("outcome", "exported").functionCounter().count())
			.isEqualTo(this.watch.exported());
	}

	@Test
	void saysOnceThatACollectorIsLostAndOnceThatItIsBack(CapturedOutput output) {
		this.collector.answer(false);
		for (int i = 1; i <= 5; i++) {
			record(1);
			int failed = i;
			Awaitility.await().until(() -> this.watch.failed() == failed);
		}
		this.collector.answer(true);
		record(1);
		Awaitility.await().until(() -> this.watch.exported() == 1);
		assertThat(output.getAll()).containsOnlyOnce("Spans can't be exported")
			.containsOnlyOnce("Spans are exported again.");
	}

	private void record(int spans) {
		for (int i = 0; i < spans; i++) {
			this.tracers.get("test").spanBuilder("span").startSpan().end();
		}
	}

	/** Answers as it is told to; nothing until then. */
	private static final class Collector implements SpanExporter {

		private final List<CompletableResultCode> waiting = new CopyOnWriteArrayList<>();

		private volatile Boolean answer;

		synchronized void answer(boolean success) {
			this.answer = success;
			List<CompletableResultCode> waiting = new ArrayList<>(this.waiting);
			this.waiting.clear();
			waiting.forEach((result) -> end(result, success));
		}

		private static void end(CompletableResultCode result, boolean success) {
			if (success) {
				result.succeed();
			}
			else {
				result.fail();
			}
		}

		@Override
		public synchronized CompletableResultCode export(Collection<SpanData> spans) {
			CompletableResultCode result = new CompletableResultCode();
			if (this.answer == null) {
				this.waiting.add(result);
			}
			else {
				end(result, this.answer);
			}
			return result;
		}

		@Override
		public CompletableResultCode flush() {
			return CompletableResultCode.ofSuccess();
		}

		@Override
		public CompletableResultCode shutdown() {
			return CompletableResultCode.ofSuccess();
		}

	}

}
