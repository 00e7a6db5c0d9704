package dev.llmproxy.observability.log;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.observability.call.CallRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.slf4j.LoggerFactory;

/**
 * What an event of the access log costs the thread that serves the call: while it is
 * handed over, and where the queue is full.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AccessLogBenchmark {

	private static final CallRecord CALL = new CallRecord("req_1", new Caller("web-app", List.of(), "research"),
			Operation.CHAT, Dialect.OPENAI, "fast", true, "fast", null, Instant.EPOCH, 842_123_456L, 210_987_654L,
			412_345L, 200, CallRecord.End.SUCCEEDED,
			List.of(new AttemptRecord("openai/gpt-5", "openai", "gpt-5", "first", null, 112_000_000L)),
			Usage.of(1204, 87), FinishReason.STOP, 1_230_000L, false, null, null, null, 5432, 9876);

	private static final int BURST = 1000;

	private AccessLog log;

	private AccessLog full;

	@Setup
	public void start() {
		Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.LOGGER);
		logger.setLevel(Level.INFO);
		logger.setAdditive(false);
		AppenderBase<ILoggingEvent> nowhere = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				// What an appender costs is its own affair.
			}

		};
		nowhere.start();
		logger.addAppender(nowhere);
		this.log = new AccessLog(settings(2 * BURST), LogTarget.UNKNOWN);
		this.full = new AccessLog(settings(1), LogTarget.UNKNOWN);
	}

	private static AccessLogSettings settings(int queue) {
		return new AccessLogSettings(EnumSet.allOf(CallField.class), 1, null, queue, false, Duration.ofSeconds(1));
	}

	@TearDown
	public void stop() {
		this.log.close();
		this.full.close();
	}

	/** The queue is empty when a burst begins. */
	@Setup(org.openjdk.jmh.annotations.Level.Invocation)
	public void drain() {
		while (!this.log.queue().isEmpty()) {
			Thread.onSpinWait();
		}
	}

	/** A burst that has room, with the log's own thread beside it. */
	@Benchmark
	@OperationsPerInvocation(BURST)
	public void handOver() {
		for (int i = 0; i < BURST; i++) {
			this.log.ended(CALL);
		}
	}

	/** The same with room for one: nearly all are dropped. */
	@Benchmark
	public void drop() {
		this.full.ended(CALL);
	}

}
