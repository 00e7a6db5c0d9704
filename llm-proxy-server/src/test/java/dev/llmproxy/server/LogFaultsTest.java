package dev.llmproxy.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.FileAppender;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** Fault 78: whatever becomes of the log, calls are answered as ever. */
@Timeout(60)
class LogFaultsTest {

	private static final int QUEUE = 10;

	private static final int CALLS = 40;

	private static final String BODY = "{\"model\":\"up/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	private final Logger logger = (Logger) LoggerFactory.getLogger("llm-proxy.access");

	private Appender<ILoggingEvent> appender;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start().answerWith(Script.json(200, "{\"id\":\"c\",\"choices\":[]}"));
		server = TestServer.withUpstream(upstream.url(),
				Map.of("llm-proxy.access-log.enabled", "true", "logging.level.llm-proxy.access", "info",
						"llm-proxy.access-log.queue", String.valueOf(QUEUE), "llm-proxy.access-log.flush-timeout",
						"100ms"));
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@AfterEach
	void detach() {
		this.logger.detachAppender(this.appender);
	}

	@Test
	void f78ALogThatIsStuck() {
		CountDownLatch release = new CountDownLatch(1);
		double before = dropped();
		attach(new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				awaitUninterruptibly(release);
			}

		});
		assertThat(calls()).hasSize(CALLS).containsOnly("200 {\"id\":\"c\",\"choices\":[]}");
		assertThat(dropped() - before).isGreaterThanOrEqualTo(CALLS - QUEUE - 1);
		release.countDown();
		detach();
		Awaitility.await().until(LogFaultsTest::worksAgain);
	}

	@Test
	void f78ALogThatThrows() {
		double before = dropped();
		attach(new AppenderBase<>() {

			@Override
			public void doAppend(ILoggingEvent event) {
				throw new IllegalStateException("no log today");
			}

			@Override
			protected void append(ILoggingEvent event) {
				throw new IllegalStateException("no log today");
			}

		});
		assertThat(calls()).hasSize(CALLS).containsOnly("200 {\"id\":\"c\",\"choices\":[]}");
		Awaitility.await().until(() -> dropped() - before >= CALLS);
	}

	@Test
	void f78ADiskThatIsFull() {
		assertThat(Path.of("/dev/full")).exists();
		double before = dropped();
		LoggerContext context = this.logger.getLoggerContext();
		PatternLayoutEncoder encoder = new PatternLayoutEncoder();
		encoder.setContext(context);
		encoder.setPattern("%m%n");
		encoder.start();
		FileAppender<ILoggingEvent> file = new FileAppender<>();
		file.setContext(context);
		file.setFile("/dev/full");
		file.setEncoder(encoder);
		attach(file);
		assertThat(calls()).hasSize(CALLS).containsOnly("200 {\"id\":\"c\",\"choices\":[]}");
		// Other threads may log in between, and hear of a failure first.
		Awaitility.await().until(() -> dropped() - before >= CALLS - 5);
		file.stop();
	}

	private void attach(Appender<ILoggingEvent> appender) {
		this.appender = appender;
		if (appender.getContext() == null) {
			appender.setContext(this.logger.getLoggerContext());
		}
		appender.start();
		this.logger.addAppender(appender);
	}

	private static List<String> calls() {
		List<String> answers = new ArrayList<>();
		try (RawHttpClient client = server.client()) {
			for (int i = 0; i < CALLS; i++) {
				RawResponse response = client.post("/v1/chat/completions", TestServer.headers(), BODY);
				answers.add(response.status() + " " + response.text());
			}
		}
		return answers;
	}

	private static boolean worksAgain() {
		try (AccessEvents events = AccessEvents.capture(); RawHttpClient client = server.client()) {
			client.post("/v1/chat/completions", TestServer.headers(), BODY);
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !events.all().isEmpty());
			return true;
		}
	}

	private static double dropped() {
		return server.context().getBean(MeterRegistry.class).get("llm.proxy.log.dropped").functionCounter().count();
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		boolean interrupted = true;
		while (interrupted) {
			try {
				latch.await();
				interrupted = false;
			}
			catch (InterruptedException ex) {
				// As stuck as can be.
			}
		}
	}

}
