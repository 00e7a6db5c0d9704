package dev.llmproxy.autoconfigure;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.read.ListAppender;
import dev.llmproxy.observability.log.AccessLog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class LogbackTargetTest {

	private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();

	private final Logger logger = this.context.getLogger(AccessLog.LOGGER);

	private final LogbackTarget target = new LogbackTarget();

	@BeforeEach
	void alone() {
		this.logger.setAdditive(false);
	}

	@AfterEach
	void asBefore() {
		this.logger.detachAndStopAllAppenders();
		this.logger.setAdditive(true);
		this.target.close();
	}

	@ParameterizedTest
	@CsvSource({ "%m%n, false", "%m %kvp%n, true", "%m %kvp{DOUBLE}%n, true" })
	void patternsShowFieldsIfTheySaySo(String pattern, boolean shown) {
		console(pattern);
		assertThat(this.target.showsFields()).isEqualTo(shown);
	}

	private ConsoleAppender<ILoggingEvent> console(String pattern) {
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(this.context);
		encoder.setPattern(pattern);
		encoder.start();
		ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
		appender.setContext(this.context);
		appender.setEncoder(encoder);
		appender.start();
		this.logger.addAppender(appender);
		return appender;
	}

	@Test
	void linesReachTheConsoleTogetherAndThoseOfOthersAtOnce() throws InterruptedException {
		List<String> writes = new CopyOnWriteArrayList<>();
		console("%m ").setOutputStream(new OutputStream() {

			@Override
			public void write(int value) {
				writes.add(Character.toString(value));
			}

			@Override
			public void write(byte[] bytes, int offset, int length) {
				writes.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
			}

		});
		Thread other = new Thread(() -> this.logger.info("other"));
		this.target.together(() -> {
			this.logger.info("one");
			this.logger.info("two");
			other.start();
			Awaitility.await().untilAsserted(() -> assertThat(writes).containsExactly("other "));
		});
		other.join();
		assertThat(writes).containsExactly("other ", "one two ");
		this.logger.info("later");
		assertThat(writes).containsExactly("other ", "one two ", "later ");
	}

	@Test
	void whatNobodyKnowsMayShowThem() {
		this.logger.addAppender(new ListAppender<>());
		assertThat(this.target.showsFields()).isTrue();
	}

	@Test
	void theParentsAppendersCount() {
		this.logger.setAdditive(true);
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		Logger root = this.context.getLogger(Logger.ROOT_LOGGER_NAME);
		root.addAppender(appender);
		try {
			assertThat(this.target.showsFields()).isTrue();
		}
		finally {
			root.detachAppender(appender);
		}
	}

}
