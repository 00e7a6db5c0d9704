package dev.llmproxy.interleaving;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Options;
import org.jetbrains.lincheck.datastructures.StressOptions;

/**
 * How Lincheck looks at a class whose methods several threads call at once: a class with
 * {@code @Operation} methods, each of which is compared with what the same calls give one
 * after the other in some order. A failure prints the interleaving.
 */
public final class Interleavings {

	private static final int ITERATIONS = Integer.getInteger("llm-proxy.test.interleavings", 8);

	private Interleavings() {
	}

	/** Tries interleavings one by one: finds most, where nothing waits or is random. */
	public static void check(Class<?> operations) {
		bounded(new ModelCheckingOptions().invocationsPerIteration(300)).check(operations);
	}

	/** Runs real threads: for libraries that are too large to be looked into. */
	public static void stress(Class<?> operations) {
		bounded(new StressOptions().invocationsPerIteration(2_000)).check(operations);
	}

	private static <T extends Options<T, ?>> T bounded(T options) {
		return options.iterations(ITERATIONS).threads(3).actorsPerThread(3).actorsBefore(1).actorsAfter(1);
	}

}
