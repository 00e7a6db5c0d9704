package dev.llmproxy.server;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.read.ListAppender;
import org.slf4j.LoggerFactory;

/** What is logged while it is open. */
final class Logs implements AutoCloseable {

	private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	private Logs() {
	}

	static Logs capture() {
		Logs logs = new Logs();
		logs.appender.start();
		logs.root.addAppender(logs.appender);
		return logs;
	}

	/** Messages of at least a level, with the messages of what was thrown. */
	List<String> from(Level level) {
		return List.copyOf(this.appender.list)
			.stream()
			.filter((event) -> event.getLevel().isGreaterOrEqual(level))
			.map(Logs::text)
			.toList();
	}

	private static String text(ILoggingEvent event) {
		StringBuilder text = new StringBuilder(event.getLoggerName() + ": " + event.getFormattedMessage());
		for (IThrowableProxy thrown = event.getThrowableProxy(); thrown != null; thrown = thrown.getCause()) {
			text.append(" / ").append(thrown.getClassName()).append(": ").append(thrown.getMessage());
		}
		return text.toString();
	}

	@Override
	public void close() {
		this.root.detachAppender(this.appender);
	}

}
