package dev.llmproxy.autoconfigure;

import java.io.OutputStream;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.recovery.ResilientOutputStreamBase;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import dev.llmproxy.observability.log.AccessLog;
import org.slf4j.LoggerFactory;

/**
 * The files that Logback can't write to. It drops what is logged there until it can
 * again, and tells of that in its own status only. Thread-safe.
 */
final class LogbackFailures implements LogFailures, StatusListener, AutoCloseable {

	/** How the status of a stream that works again begins. */
	private static final String RECOVERED = "Recovered";

	private final Set<OutputStream> failing = ConcurrentHashMap.newKeySet();

	/** What is logged when a stream is opened anew is not written yet. */
	private volatile boolean recovered;

	LogbackFailures() {
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
		String name = AccessLog.LOGGER;
		Logger logger;
		do {
			logger = context.getLogger(name);
			collect(logger, used);
			int dot = name.lastIndexOf('.');
			name = (dot > 0) ? name.substring(0, dot) : org.slf4j.Logger.ROOT_LOGGER_NAME;
		}
		while (logger.isAdditive() && !logger.getName().equals(org.slf4j.Logger.ROOT_LOGGER_NAME));
		// A file that was closed in the meantime, and opened anew, is another stream.
		this.failing.retainAll(used);
		return !this.failing.isEmpty();
	}

	private static void collect(Logger logger, Set<OutputStream> streams) {
		for (Iterator<Appender<ILoggingEvent>> appenders = logger.iteratorForAppenders(); appenders.hasNext();) {
			if (appenders.next() instanceof OutputStreamAppender<?> appender && appender.getOutputStream() != null) {
				streams.add(appender.getOutputStream());
			}
		}
	}

	@Override
	public void close() {
		if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
			context.getStatusManager().remove(this);
		}
	}

}
