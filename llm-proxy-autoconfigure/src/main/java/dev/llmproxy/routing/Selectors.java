package dev.llmproxy.routing;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import dev.llmproxy.gateway.Flags;
import dev.llmproxy.provider.StatisticsGate;
import dev.llmproxy.provider.TargetHeadroom;
import org.jspecify.annotations.Nullable;

/**
 * The strategies on offer. What they know of targets they read anew for each request;
 * they share nothing else. Thread-safe.
 */
public final class Selectors {

	private final StatisticsGate statistics;

	private final TargetHeadroom headroom;

	private final Supplier<? extends RandomGenerator> random;

	private final @Nullable Flags flags;

	public Selectors(StatisticsGate statistics, TargetHeadroom headroom) {
		this(statistics, headroom, (Flags) null);
	}

	/**
	 * Creates them.
	 * @param flags that conditions may ask; {@code null} for none
	 */
	public Selectors(StatisticsGate statistics, TargetHeadroom headroom, @Nullable Flags flags) {
		this(statistics, headroom, ThreadLocalRandom::current, flags);
	}

	Selectors(StatisticsGate statistics, TargetHeadroom headroom, Supplier<? extends RandomGenerator> random) {
		this(statistics, headroom, random, null);
	}

	private Selectors(StatisticsGate statistics, TargetHeadroom headroom, Supplier<? extends RandomGenerator> random,
			@Nullable Flags flags) {
		this.flags = flags;
		this.statistics = statistics;
		this.headroom = headroom;
		this.random = random;
	}

	/** As they are listed. */
	public TargetSelector ordered() {
		return TargetSelector.LISTED;
	}

	/** The lowest priority first, and by weight among equals. */
	public TargetSelector priority() {
		return new PrioritySelector(this.random);
	}

	/** Drawn by weight. */
	public TargetSelector weighted() {
		return new WeightedSelector(this.random);
	}

	/** In turns, by weight. */
	public TargetSelector roundRobin(List<RouteNode> children) {
		return new RoundRobinSelector(children);
	}

	/** The fewest calls under way. */
	public TargetSelector leastBusy() {
		return new LeastBusySelector(this.statistics, this.random);
	}

	/** The shortest time until an answer begins. */
	public TargetSelector lowestLatency() {
		return new LowestLatencySelector(this.statistics, this.random);
	}

	/** The cheapest for the request. */
	public TargetSelector lowestCost(List<RouteNode> children) {
		return new LowestCostSelector(children);
	}

	/** The one that most is left of. */
	public TargetSelector usageAware() {
		return new UsageAwareSelector(this.headroom, this.random);
	}

	/**
	 * The same for all requests of a session.
	 * @param by the fields that tell one, the first that a request has counts
	 * @throws IllegalArgumentException if there is no such field
	 */
	public TargetSelector sticky(List<String> by) {
		return new StickySelector(SessionKey.of(by), this.random);
	}

	/**
	 * One of the children for good, by their weights.
	 * @param by the fields that tell one subject, the first that a request has counts
	 * @throws IllegalArgumentException if there is no such field
	 */
	public TargetSelector split(List<String> by, String experiment) {
		return new SplitSelector(SessionKey.of(by), experiment, this.random);
	}

	/** Those that conditions may ask; {@code null} for none. */
	public @Nullable Flags flags() {
		return this.flags;
	}

	/**
	 * The child of the first condition that matches.
	 * @param otherwise if none does; {@code null} for nothing
	 */
	public TargetSelector conditional(List<Branch> branches, @Nullable RouteNode otherwise) {
		return new ConditionalSelector(branches, otherwise);
	}

	/** A condition and what it leads to. */
	public record Branch(Condition condition, RouteNode then) {
	}

}
