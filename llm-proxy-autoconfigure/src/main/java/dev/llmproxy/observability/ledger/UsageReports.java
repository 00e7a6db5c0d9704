package dev.llmproxy.observability.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Reads the ledger on threads that may wait. A ledger that fails or takes too long is an
 * {@link LlmException}, 503. Thread-safe.
 */
public final class UsageReports implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(UsageReports.class);

	private static final Duration PATIENCE = Duration.ofSeconds(35);

	private final UsageLedger ledger;

	private final Scheduler scheduler;

	/**
	 * Creates it.
	 * @param scheduler whose threads may block, and whose queue is bounded; ends with
	 * this
	 */
	public UsageReports(UsageLedger ledger, Scheduler scheduler) {
		this.ledger = ledger;
		this.scheduler = scheduler;
	}

	/** A report. What was charged in the last moments may not be in it yet. */
	public Mono<UsageReport> report(UsageQuery query) {
		return ask(() -> this.ledger.report(query));
	}

	/** Entries one by one, the oldest first. */
	public Mono<List<LedgerEntry>> entries(UsageFilter filter, int limit) {
		return ask(() -> {
			List<LedgerEntry> entries = new ArrayList<>();
			this.ledger.read(filter, limit, entries::add);
			return entries;
		});
	}

	private <T> Mono<T> ask(Callable<T> question) {
		return Mono.fromCallable(question)
			.subscribeOn(this.scheduler)
			.timeout(PATIENCE)
			.onErrorMap((failure) -> !(failure instanceof LlmException), UsageReports::unavailable);
	}

	private static LlmException unavailable(Throwable failure) {
		logger.warn("The usage ledger can't be read", failure);
		return new LlmException(new LlmError(ErrorKind.OVERLOADED,
				"Usage can't be told at the moment. Try again later.", "usage_unavailable", null));
	}

	@Override
	public void close() {
		this.scheduler.dispose();
	}

}
