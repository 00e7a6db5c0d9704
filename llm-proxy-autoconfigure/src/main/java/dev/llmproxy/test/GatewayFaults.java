package dev.llmproxy.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import dev.llmproxy.provider.Attempt;
import dev.llmproxy.resilience.FaultSource;
import dev.llmproxy.resilience.InjectedFault;
import org.jspecify.annotations.Nullable;

/**
 * Failures of the next attempts, in the order in which they are asked for: breakers,
 * retries and fallbacks take them for the provider's own. Thread-safe.
 *
 * <pre class="code">
 * faults.failNext(2, 429);
 * faults.on("openai/*").cutNext(1, 3);
 * </pre>
 */
public final class GatewayFaults implements FaultSource {

	private final List<Pending> pending = new ArrayList<>();

	/** The next attempts are answered with a status from 400 to 599. */
	public void failNext(int attempts, int status) {
		on("*").failNext(attempts, status);
	}

	/** The next attempts get no answer until the clock for the first token runs out. */
	public void stallNext(int attempts) {
		on("*").stallNext(attempts);
	}

	/** The next streams break off after so many buffers. */
	public void cutNext(int attempts, int after) {
		on("*").cutNext(attempts, after);
	}

	/**
	 * Faults of some targets.
	 * @param target a target's id such as {@code openai/gpt-4o}, with {@code *} for any
	 * run of characters
	 */
	public Target on(String target) {
		return new Target(target);
	}

	/** How many of them have not happened. */
	public synchronized int remaining() {
		return this.pending.stream().mapToInt((one) -> one.left).sum();
	}

	/** Forgets those that have not happened. */
	public synchronized void reset() {
		this.pending.clear();
	}

	private synchronized void add(InjectedFault fault, int attempts) {
		if (attempts < 1) {
			throw new IllegalArgumentException("attempts must be positive");
		}
		this.pending.add(new Pending(fault, attempts));
	}

	@Override
	public synchronized @Nullable InjectedFault next(Attempt attempt) {
		for (Iterator<Pending> all = this.pending.iterator(); all.hasNext();) {
			Pending one = all.next();
			if (one.fault.isAbout(attempt)) {
				if (--one.left == 0) {
					all.remove();
				}
				return one.fault;
			}
		}
		return null;
	}

	/** Whose faults they are. */
	public final class Target {

		private final String pattern;

		private Target(String pattern) {
			this.pattern = pattern;
		}

		/** See {@link GatewayFaults#failNext}. */
		public void failNext(int attempts, int status) {
			add(new InjectedFault(this.pattern, 100, Duration.ZERO, status, null, false, -1), attempts);
		}

		/** The next attempts are refused, and asked to come again after a while. */
		public void failNext(int attempts, int status, Duration retryAfter) {
			add(new InjectedFault(this.pattern, 100, Duration.ZERO, status, retryAfter, false, -1), attempts);
		}

		/** See {@link GatewayFaults#stallNext}. */
		public void stallNext(int attempts) {
			add(new InjectedFault(this.pattern, 100, Duration.ZERO, 0, null, true, -1), attempts);
		}

		/** See {@link GatewayFaults#cutNext}. */
		public void cutNext(int attempts, int after) {
			add(new InjectedFault(this.pattern, 100, Duration.ZERO, 0, null, false, after), attempts);
		}

		/** The next attempts are answered later. */
		public void delayNext(int attempts, Duration delay) {
			add(new InjectedFault(this.pattern, 100, delay, 0, null, false, -1), attempts);
		}

	}

	private static final class Pending {

		private final InjectedFault fault;

		private int left;

		Pending(InjectedFault fault, int left) {
			this.fault = fault;
			this.left = left;
		}

	}

}
