package dev.llmproxy.event.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.event.EventBus;
import dev.llmproxy.event.EventType;
import dev.llmproxy.event.GatewayEvent.AlertChanged;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;

/**
 * Looks at all rules now and then, on a thread of its own, and has channels tell of what
 * begins and ends. Thread-safe.
 */
public final class AlertWatch {

	private static final Log logger = LogFactory.getLog(AlertWatch.class);

	private final Disposable.Composite listening = Disposables.composite();

	private final List<Alert> alerts;

	private final EventBus bus;

	private final InstantSource clock;

	private @Nullable ScheduledExecutorService thread;

	public AlertWatch(List<AlertRule> rules, EventBus bus, InstantSource clock) {
		this.alerts = rules.stream().map(Alert::new).toList();
		this.bus = bus;
		this.clock = clock;
	}

	/** Begins to listen, and to look once in every interval. */
	public synchronized void start(Duration interval) {
		listen();
		ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor((task) -> {
			Thread one = new Thread(task, "llm-alerts");
			one.setDaemon(true);
			return one;
		});
		thread.scheduleWithFixedDelay(this::look, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
		this.thread = thread;
	}

	/** Has events counted, without looking. */
	void listen() {
		for (Alert alert : this.alerts) {
			if (alert.rule().signal() instanceof EventSignal events) {
				this.listening.add(this.bus.listen(Set.of(events.type()), events::accept));
			}
		}
	}

	/** Looks at all rules once. */
	void look() {
		Instant now = this.clock.instant();
		for (Alert alert : this.alerts) {
			try {
				AlertChanged change = alert.look(now);
				if (change != null) {
					tell(alert.rule(), change);
				}
			}
			catch (RuntimeException ex) {
				logger.warn("The alert '" + alert.rule().name() + "' could not be looked at", ex);
			}
		}
	}

	private void tell(AlertRule rule, AlertChanged change) {
		this.bus.publish(change);
		for (AlertChannel channel : rule.channels()) {
			try {
				channel.tell(change);
			}
			catch (RuntimeException ex) {
				logger.warn("Nobody could be told of the alert '" + rule.name() + "'", ex);
			}
		}
	}

	/** How things are with all rules. */
	public List<State> states() {
		List<State> states = new ArrayList<>();
		this.alerts.forEach((alert) -> states.add(alert.state()));
		return states;
	}

	public synchronized void stop() {
		this.listening.dispose();
		ScheduledExecutorService thread = this.thread;
		if (thread != null) {
			thread.shutdownNow();
			this.thread = null;
		}
	}

	public synchronized boolean running() {
		return this.thread != null;
	}

	/**
	 * How things are with a rule.
	 *
	 * @param state {@code inactive}, {@code pending} or {@code firing}
	 * @param value that was seen last; {@code null} if there was none
	 * @param since when it is pending or firing; {@code null} if it is not
	 * @param told when it was told last that it began; {@code null} if never
	 */
	public record State(String rule, String state, String severity, String subject, @Nullable Double value,
			String comparison, double threshold, @Nullable Instant since, @Nullable Instant told) {
	}

}
