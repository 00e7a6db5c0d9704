package dev.llmproxy.autoconfigure;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.recovery.ResilientOutputStreamBase;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import dev.llmproxy.observability.log.AccessLog;
import dev.llmproxy.observability.log.LogTarget;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What Logback does with the access log: the files that it can't write to, where it drops
 * what is logged until it can again and tells of that in its own status only, and whether
 * some appender shows fields. Thread-safe.
 */
final class LogbackTarget implements LogTarget, StatusListener, AutoCloseable {

	/** How the status of a stream that works again begins. */
	private static final String RECOVERED = "Recovered";

	private final Set<OutputStream> failing = ConcurrentHashMap.newKeySet();

	/** What is logged when a stream is opened anew is not written yet. */
	private volatile boolean recovered;

	/** Looked up once for all events that are written together. */
	private volatile @Nullable Boolean showsFields;

	LogbackTarget() {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
			context.getStatusManager().add(this);
		}
	}

	@Override
	public void addStatusEvent(Status status) {
		if (status.getOrigin() instanceof ResilientOutputStreamBase stream) {
			if (status.getLevel() == Status.ERROR) {
				this.failing.add(stream);
			}
			else if (status.getMessage().startsWith(RECOVERED)) {
				this.failing.remove(stream);
				this.recovered = true;
			}
		}
	}

	/** What consoles get; files are to tell of each event whether they took it. */
	@Override
	public void together(Runnable writes) {
		List<ConsoleBatch> batches = batches();
		batches.forEach(ConsoleBatch::begin);
		this.showsFields = showsFields();
		try {
			writes.run();
		}
		finally {
			this.showsFields = null;
			batches.forEach(ConsoleBatch::end);
		}
	}

	private static List<ConsoleBatch> batches() {
		if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
			return List.of();
		}
		List<ConsoleBatch> batches = new ArrayList<>(1);
		anyAppender(context, (appender) -> {
			ConsoleBatch batch = (appender instanceof ConsoleAppender<ILoggingEvent> console) ? ConsoleBatch.of(console)
					: null;
			if (batch != null) {
				batches.add(batch);
			}
			return false;
		});
		return batches;
	}

	@Override
	public boolean lost() {
		if (this.recovered) {
			this.recovered = false;
			return true;
		}
		if (this.failing.isEmpty() || !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
			return false;
		}
		Set<OutputStream> used = ConcurrentHashMap.newKeySet();
		anyAppender(context, (appender) -> {
			if (appender instanceof OutputStreamAppender<?> stream && stream.getOutputStream() != null) {
				used.add(stream.getOutputStream());
			}
			return false;
		});
		// A file that was closed in the meantime, and opened anew, is another stream.
		this.failing.retainAll(used);
		return !this.failing.isEmpty();
	}

	/** Patterns show fields if they say so; of everything else it is assumed. */
	@Override
	public boolean showsFields() {
		Boolean known = this.showsFields;
		return (known != null) ? known : !(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)
				|| anyAppender(context, LogbackTarget::showsFields);
	}

	private static boolean showsFields(Appender<ILoggingEvent> appender) {
		return !(appender instanceof OutputStreamAppender<ILoggingEvent> stream
				&& stream.getEncoder() instanceof PatternLayoutEncoder encoder
				&& !encoder.getPattern().contains("kvp"));
	}

	/** Whether there is such a one among those that write the access log. */
	private static boolean anyAppender(LoggerContext context, Predicate<Appender<ILoggingEvent>> test) {
		String name = AccessLog.LOGGER;
		Logger logger;
		do {
			logger = context.getLogger(name);
			for (Iterator<Appender<ILoggingEvent>> all = logger.iteratorForAppenders(); all.hasNext();) {
				if (test.test(all.next())) {
					return true;
				}
			}
			int dot = name.lastIndexOf('.');
			name = (dot > 0) ? name.substring(0, dot) : org.slf4j.Logger.ROOT_LOGGER_NAME;
		}
		while (logger.isAdditive() && !logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME));
		return false;
	}

	@Override
	public void close() {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
			context.getStatusManager().remove(this);
		}
	}

}
