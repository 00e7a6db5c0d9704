package dev.llmproxy.server.systemd;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.RawHttpClient;
import io.netty.util.concurrent.EventExecutor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.LoopResources;

import org.springframework.http.client.ReactorResourceFactory;

import static org.assertj.core.api.Assertions.assertThat;

/** The watchdog is fed by the event loops, and by nobody else. */
class WatchdogTest {

	@Test
	void oneLoopThatHangsStopsIt() {
		String name = "@llm-proxy-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
		try (Supervisor supervisor = new Supervisor(name);
				TestServer server = TestServer.start(Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "40000"))) {
			supervisor.await("READY", 1);
			supervisor.await("WATCHDOG", 5);
			CountDownLatch hang = new CountDownLatch(1);
			CountDownLatch hangs = new CountDownLatch(1);
			EventExecutor loop = server.context()
				.getBean(ReactorResourceFactory.class)
				.getLoopResources()
				.onServer(LoopResources.DEFAULT_NATIVE)
				.next();
			loop.execute(() -> {
				hangs.countDown();
				boolean hanging = true;
				// BlockHound would not let it wait.
				while (hanging) {
					hanging = hang.getCount() > 0;
				}
			});
			await(hangs);
			// Without a hanging loop there would be five between two looks.
			AtomicInteger seen = new AtomicInteger();
			Awaitility.await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(10)).until(() -> {
				int now = supervisor.values("WATCHDOG").size();
				return seen.getAndSet(now) == now;
			});
			int stuck = supervisor.values("WATCHDOG").size();
			hang.countDown();
			supervisor.await("WATCHDOG", stuck + 5);
		}
	}

	@Test
	void isNotFedWhereItIsMeantForAnotherProcess() {
		String name = "@llm-proxy-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
		try (Supervisor supervisor = new Supervisor(name)) {
			try (TestServer server = TestServer
				.start(Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "2000", "WATCHDOG_PID", "1"))) {
				supervisor.await("READY", 1);
				try (RawHttpClient client = server.client()) {
					assertThat(client.get("/v1/models", TestServer.headers()).status()).isEqualTo(200);
				}
			}
			supervisor.await("STOPPING", 1);
			assertThat(supervisor.values("WATCHDOG")).isEmpty();
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
