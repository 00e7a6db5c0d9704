package dev.llmproxy.provider;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * A credential that expires. It is obtained on a thread that may block, once for all who
 * wait, and renewed ahead of its end while the old one is still given out. Thread-safe;
 * never blocks a caller.
 *
 * @param <T> the credential
 */
public final class Renewal<T> {

	/** Between two attempts, so that a failing source is not asked by every request. */
	static final Duration PAUSE = Duration.ofSeconds(5);

	private static final Log logger = LogFactory.getLog(Renewal.class);

	/** In characters, of a failure's message in the log. */
	private static final int LONGEST_MESSAGE = 500;

	private final String name;

	private final Callable<Lease<T>> source;

	private final Scheduler scheduler;

	private final InstantSource clock;

	private final AtomicReference<Sinks.@Nullable One<T>> flight = new AtomicReference<>();

	private volatile @Nullable Lease<T> lease;

	private volatile @Nullable Throwable failure;

	private volatile Instant nextAttempt = Instant.MIN;

	/**
	 * Creates one.
	 * @param name what it is and whose, for the log
	 * @param source obtains the credential; may block
	 * @param scheduler where it may
	 */
	public Renewal(String name, Callable<Lease<T>> source, Scheduler scheduler, InstantSource clock) {
		this.name = name;
		this.source = source;
		this.scheduler = scheduler;
		this.clock = clock;
	}

	/**
	 * The credential, at once where there is a valid one.
	 * @return the credential, or what the source failed with
	 */
	public Mono<T> current() {
		return Mono.defer(this::get);
	}

	private Mono<T> get() {
		Instant now = this.clock.instant();
		boolean mayTry = !now.isBefore(this.nextAttempt);
		Lease<T> current = this.lease;
		if (current != null && now.isBefore(current.expiresAt())) {
			if (mayTry && !now.isBefore(current.renewAt())) {
				renew();
			}
			return Mono.just(current.value());
		}
		Throwable known = this.failure;
		return (known != null && !mayTry) ? Mono.error(known) : renew().asMono();
	}

	/** Starts an attempt, or joins the one that is under way. */
	private Sinks.One<T> renew() {
		Sinks.One<T> mine = Sinks.one();
		Sinks.One<T> running = this.flight.compareAndExchange(null, mine);
		if (running != null) {
			return running;
		}
		try {
			this.scheduler.schedule(() -> obtain(mine));
		}
		catch (RejectedExecutionException ex) {
			fail(mine, ex);
		}
		return mine;
	}

	private void obtain(Sinks.One<T> mine) {
		try {
			Lease<T> obtained = this.source.call();
			this.nextAttempt = this.clock.instant().plus(PAUSE);
			this.lease = obtained;
			this.failure = null;
			this.flight.set(null);
			mine.tryEmitValue(obtained.value());
		}
		catch (Exception | LinkageError ex) {
			fail(mine, ex);
		}
	}

	private void fail(Sinks.One<T> mine, Throwable failure) {
		if (this.failure == null) {
			logger.warn(this.name + " could not be had: " + oneLine(failure));
		}
		this.nextAttempt = this.clock.instant().plus(PAUSE);
		this.failure = failure;
		this.flight.set(null);
		mine.tryEmitError(failure);
	}

	/** Others may have had a say in the message. */
	private static String oneLine(Throwable failure) {
		String line = failure.toString().replaceAll("[\\s\\p{Cntrl}]+", " ");
		return line.substring(0, Math.min(LONGEST_MESSAGE, line.length()));
	}

	/**
	 * Forgets a credential that the provider refused, unless it is brand-new: then
	 * another one would fare no better.
	 * @param refused tells it from others
	 */
	public void refuse(Predicate<? super T> refused) {
		Lease<T> current = this.lease;
		if (current != null && refused.test(current.value()) && !this.clock.instant().isBefore(this.nextAttempt)) {
			this.lease = null;
		}
	}

	/**
	 * A credential and its time.
	 *
	 * @param renewAt from when on a new one is sought
	 * @param expiresAt from when on it is not given out any more
	 */
	public record Lease<T>(T value, Instant renewAt, Instant expiresAt) {

		/** Without the secret. */
		@Override
		public String toString() {
			return "Lease[renewAt=" + this.renewAt + ", expiresAt=" + this.expiresAt + "]";
		}

	}

}
