package dev.llmproxy.provider;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

class RenewalTest {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private Instant now = START;

	/** What waits to be run on the thread that may block. */
	private final Queue<Runnable> work = new ArrayDeque<>();

	/** What the source answers next: credentials, or failures. */
	private final Queue<Object> answers = new ArrayDeque<>();

	private final Renewal<String> renewal = new Renewal<>("The credential", this::obtain,
			Schedulers.fromExecutor(this.work::add), () -> this.now);

	/** Good for an hour, and renewed five minutes before. */
	private Renewal.Lease<String> obtain() throws Exception {
		Object answer = this.answers.remove();
		if (answer instanceof Exception failure) {
			throw failure;
		}
		if (answer instanceof Error failure) {
			throw failure;
		}
		return new Renewal.Lease<>((String) answer, this.now.plus(Duration.ofMinutes(55)),
				this.now.plus(Duration.ofMinutes(60)));
	}

	/** Asks, and returns where the answers, or failures, will be. */
	private List<Object> ask() {
		List<Object> seen = new ArrayList<>();
		this.renewal.current().subscribe(seen::add, seen::add);
		return seen;
	}

	private void runWork() {
		for (Runnable next = this.work.poll(); next != null; next = this.work.poll()) {
			next.run();
		}
	}

	private void pass(Duration time) {
		this.now = this.now.plus(time);
	}

	@Test
	void obtainsOnceForAllWhoWait() {
		this.answers.add("one");
		List<Object> first = ask();
		List<Object> second = ask();
		assertThat(first).isEmpty();
		assertThat(this.work).hasSize(1);
		runWork();
		assertThat(first).containsExactly("one");
		assertThat(second).containsExactly("one");
		assertThat(ask()).containsExactly("one");
		assertThat(this.work).isEmpty();
	}

	@Test
	void aCallerWhoLeavesDoesNotStopTheOthers() {
		this.answers.add("one");
		this.renewal.current().subscribe().dispose();
		List<Object> other = ask();
		runWork();
		assertThat(other).containsExactly("one");
	}

	@Test
	void renewsAheadWhileTheOldOneServes() {
		this.answers.addAll(List.of("one", "two"));
		ask();
		runWork();
		pass(Duration.ofMinutes(56));
		assertThat(ask()).containsExactly("one");
		assertThat(ask()).containsExactly("one");
		assertThat(this.work).hasSize(1);
		runWork();
		assertThat(ask()).containsExactly("two");
	}

	@Test
	void doesNotServeWhatHasExpired() {
		this.answers.addAll(List.of("one", "two"));
		ask();
		runWork();
		pass(Duration.ofMinutes(60));
		List<Object> seen = ask();
		assertThat(seen).isEmpty();
		runWork();
		assertThat(seen).containsExactly("two");
	}

	@Test
	void keepsTheOldOneWhenRenewingFails() {
		this.answers.addAll(List.of("one", new IOException("no"), "two"));
		ask();
		runWork();
		pass(Duration.ofMinutes(56));
		ask();
		runWork();
		assertThat(ask()).containsExactly("one");
		assertThat(this.work).as("it pauses after a failure").isEmpty();
		pass(Renewal.PAUSE);
		assertThat(ask()).containsExactly("one");
		runWork();
		assertThat(ask()).containsExactly("two");
	}

	@Test
	void repeatsAFailureForAWhileInsteadOfAskingAgain() {
		IOException failure = new IOException("no");
		this.answers.addAll(List.of(failure, "one"));
		List<Object> first = ask();
		runWork();
		assertThat(first).containsExactly(failure);
		assertThat(ask()).containsExactly(failure);
		assertThat(this.work).isEmpty();
		pass(Renewal.PAUSE);
		List<Object> later = ask();
		runWork();
		assertThat(later).containsExactly("one");
	}

	@Test
	void survivesALibraryThatIsIncomplete() {
		this.answers.add(new NoClassDefFoundError("x"));
		List<Object> seen = ask();
		runWork();
		assertThat(seen).singleElement().isInstanceOf(NoClassDefFoundError.class);
	}

	@Test
	void survivesASchedulerThatIsFull() {
		Scheduler scheduler = Schedulers.newSingle("full");
		scheduler.dispose();
		Renewal<String> full = new Renewal<>("The credential", this::obtain, scheduler, () -> this.now);
		List<Object> seen = new ArrayList<>();
		full.current().subscribe(seen::add, seen::add);
		assertThat(seen).singleElement().isInstanceOf(RejectedExecutionException.class);
	}

	@Test
	void forgetsWhatTheProviderRefusedUnlessItIsBrandNew() {
		this.answers.addAll(List.of("one", "two"));
		ask();
		runWork();
		this.renewal.refuse("one"::equals);
		assertThat(ask()).containsExactly("one");
		pass(Renewal.PAUSE);
		this.renewal.refuse("other"::equals);
		assertThat(ask()).containsExactly("one");
		this.renewal.refuse("one"::equals);
		List<Object> seen = ask();
		runWork();
		assertThat(seen).containsExactly("two");
	}

	@Test
	void printsNoSecret() {
		assertThat(new Renewal.Lease<>("secret", START, START).toString()).doesNotContain("secret");
	}

}
