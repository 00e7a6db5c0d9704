package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.llmproxy.observability.budget.BudgetGate;
import dev.llmproxy.observability.budget.SpendHistory;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Reads what was spent before calls are served, and again from time to time. A ledger
 * that can't be read leaves budgets as they are known.
 */
final class BudgetRebuild implements SmartLifecycle {

	/** A store may take a moment to be ready. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final Duration PAUSE = Duration.ofMillis(50);

	private static final Log logger = LogFactory.getLog(BudgetRebuild.class);

	private final BudgetGate gate;

	private final SpendHistory history;

	private final Duration interval;

	private @Nullable ScheduledExecutorService thread;

	private boolean failing;

	BudgetRebuild(BudgetGate gate, SpendHistory history, Duration interval) {
		this.gate = gate;
		this.history = history;
		this.interval = interval;
	}

	@Override
	public synchronized void start() {
		if (this.thread != null) {
			return;
		}
		rebuildFirst();
		ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread thread = new Thread(task, "llm-proxy-budgets");
			thread.setDaemon(true);
			return thread;
		});
		scheduler.scheduleWithFixedDelay(this::rebuild, this.interval.toMillis(), this.interval.toMillis(),
				TimeUnit.MILLISECONDS);
		this.thread = scheduler;
	}

	/** Nobody is served by a budget that is not known yet, unless the ledger is lost. */
	private void rebuildFirst() {
		for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end;) {
			try {
				this.gate.rebuild(this.history);
				return;
			}
			catch (RuntimeException ex) {
				LockSupport.parkNanos(PAUSE.toNanos());
			}
		}
		rebuild();
	}

	private void rebuild() {
		try {
			this.gate.rebuild(this.history);
			if (this.failing) {
				logger.info("What was spent is read from the ledger again.");
			}
			this.failing = false;
		}
		catch (RuntimeException ex) {
			if (!this.failing) {
				logger.warn("What was spent can't be read from the ledger (" + ex.getClass().getName()
						+ "); budgets stay as they are known.");
			}
			this.failing = true;
		}
	}

	@Override
	public synchronized void stop() {
		if (this.thread != null) {
			this.thread.shutdownNow();
			this.thread = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.thread != null;
	}

	/** After the ledger, and before anything is served. */
	@Override
	public int getPhase() {
		return 1;
	}

}
