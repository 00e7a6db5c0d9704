package dev.llmproxy.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Unavailability;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * All attempts at one request: which target comes next after a failure, or that nothing
 * does. It is the only owner of retries and fallbacks. What it returns is the head of an
 * answer, so none of this can happen once a caller has seen a byte.
 * <p>
 * After a failure that another attempt may mend it goes on, as far as the targets'
 * {@link RetryBudget}s allow, with
 * <ol>
 * <li>the same target and another credential, if a credential was the reason;</li>
 * <li>the next target of the plan;</li>
 * <li>after a wait those targets again that may be tried again.</li>
 * </ol>
 * When nothing is left the first failure of a target is told, because it is the one about
 * the target that was meant. For one subscriber; the steps follow one another, but may do
 * so on different threads.
 */
final class AttemptLoop {

	private static final int MOST_ROTATIONS = 3;

	private final LlmRequest request;

	private final Plan plan;

	private final Route route;

	private final RoutingHandler handler;

	/** Those that failed, or lost a race; attempts of a race write side by side. */
	private final List<AttemptRecord> records = Collections.synchronizedList(new ArrayList<>(0));

	/** Failed, and may be tried again after a wait; with the reason. */
	private Map<Target, LlmException> again = Map.of();

	private List<Target> targets;

	private int next;

	private int number;

	private int retries;

	private int rotations;

	private boolean special;

	/** When a race began. */
	private long raced;

	private @Nullable LlmException original;

	AttemptLoop(LlmRequest request, Plan plan, RoutingHandler handler) {
		this.request = request;
		this.plan = plan;
		this.route = plan.route();
		this.handler = handler;
		this.targets = plan.targets();
		request.trail().route(plan.route().name());
	}

	Mono<LlmResponse> run() {
		if (this.targets.isEmpty()) {
			LlmException refusal = PlanRefusal.of(this.plan);
			return switchTo(refusal.kind()) ? goOn(refusal) : Mono.error(refusal);
		}
		Target first = this.targets.get(this.next++);
		HedgingPolicy hedging = this.route.hedging();
		return (hedging != null && this.targets.size() > 1 && hedging.wanted(this.request)) ? hedged(first, hedging)
				: attempt(first, Attempt.Kind.FIRST);
	}

	/** An attempt, and what follows if it fails. */
	private Mono<LlmResponse> attempt(Target target, Attempt.Kind kind) {
		long start = System.nanoTime();
		return execute(target, kind, start).onErrorResume(LlmException.class, (failure) -> {
			record(target, kind, failure, start);
			note(target, failure);
			return next(target, failure);
		});
	}

	private Mono<LlmResponse> execute(Target target, Attempt.Kind kind, long start) {
		return this.handler.attempts()
			.execute(new Attempt(this.request, target, ++this.number, kind, this.route.timeouts(), this.route.name()))
			.map((response) -> {
				AttemptRecord record = noted(target, kind, null, false, start);
				response.outcome().attempts(with(record));
				return response;
			});
	}

	private List<AttemptRecord> with(AttemptRecord last) {
		if (this.records.isEmpty()) {
			return List.of(last);
		}
		this.records.add(last);
		return this.records;
	}

	private void record(Target target, Attempt.Kind kind, LlmException failure, long start) {
		String code = (failure.error().code() != null) ? failure.error().code() : failure.kind().label();
		this.records.add(noted(target, kind, code, failure.ownRefusal(), start));
	}

	private AttemptRecord noted(Target target, Attempt.Kind kind, @Nullable String code, boolean refused, long start) {
		long now = System.nanoTime();
		AttemptRecord record = new AttemptRecord(target.id(), target.provider().name(), target.model(), kind.label(),
				code, now - start, refused);
		this.request.trail().attempt(record);
		if (kind != Attempt.Kind.HEDGE) {
			this.request.trail().waitedSince(start, now);
		}
		else if (code == null) {
			// It won, so the one beside which it ran says nothing.
			this.request.trail().waited(now - this.raced);
		}
		return record;
	}

	/** What follows a failure. */
	private Mono<LlmResponse> next(Target target, LlmException failure) {
		if (!switchTo(failure.kind()) && !mayHelpElsewhere(failure)) {
			return Mono.error(exhausted(failure));
		}
		if (rotates(target, failure)) {
			this.rotations++;
			return attempt(target, Attempt.Kind.RETRY);
		}
		return goOn(failure);
	}

	private void note(Target target, LlmException failure) {
		LlmException known = this.original;
		if (known == null || (known.ownRefusal() && !failure.ownRefusal())) {
			this.original = failure;
		}
		if (this.again.isEmpty()) {
			this.again = new LinkedHashMap<>();
		}
		if (this.route.retry().mayRetry(failure)) {
			this.again.put(target, failure);
		}
		else {
			this.again.remove(target);
		}
	}

	private Mono<LlmResponse> goOn(LlmException failure) {
		Target other = nextTarget();
		if (other != null) {
			return attempt(other, Attempt.Kind.FALLBACK);
		}
		return retry(failure);
	}

	/**
	 * Goes over to the targets for prompts that are too long, or that a policy refuses;
	 * once.
	 */
	private boolean switchTo(ErrorKind kind) {
		List<RouteNode> others = switch (kind) {
			case CONTEXT_LENGTH, PAYLOAD_TOO_LARGE -> this.route.contextWindowFallbacks();
			case CONTENT_POLICY -> this.route.contentPolicyFallbacks();
			default -> List.of();
		};
		if (others.isEmpty() || this.special) {
			return false;
		}
		this.special = true;
		this.again = Map.of();
		this.targets = Plan.eligible(this.handler.planner().candidates(this.route, others, this.request));
		this.next = 0;
		return true;
	}

	/** A provider that does not know a model says nothing about the others. */
	private static boolean mayHelpElsewhere(LlmException failure) {
		return failure.kind().retryable() || failure.kind() == ErrorKind.NOT_IMPLEMENTED
				|| (failure.kind() == ErrorKind.NOT_FOUND && failure.origin() == LlmException.Origin.ANSWER);
	}

	private boolean rotates(Target target, LlmException failure) {
		return this.rotations < MOST_ROTATIONS && failure.origin() == LlmException.Origin.ANSWER
				&& (failure.kind() == ErrorKind.UPSTREAM_AUTHENTICATION || failure.kind() == ErrorKind.RATE_LIMIT)
				&& target.provider().hasFreshCredential() && this.handler.planner().unavailability(target) == null
				&& this.handler.budget().allows(target);
	}

	/** The next one of the plan that can be called now, and whose budget allows it. */
	private @Nullable Target nextTarget() {
		while (this.next < this.targets.size()) {
			Target target = this.targets.get(this.next++);
			if (this.handler.planner().unavailability(target) == null && this.handler.budget().allows(target)) {
				return target;
			}
		}
		return null;
	}

	/** Another round for those that may be tried again, after a wait. */
	private Mono<LlmResponse> retry(LlmException failure) {
		if (this.retries >= this.route.retry().maxRetries()) {
			return Mono.error(exhausted(failure));
		}
		this.retries++;
		List<Target> round = new ArrayList<>();
		Duration wait = null;
		for (Map.Entry<Target, LlmException> entry : this.again.entrySet()) {
			Duration delay = delay(entry.getKey(), entry.getValue());
			if (delay != null) {
				round.add(entry.getKey());
				wait = (wait == null || delay.compareTo(wait) < 0) ? delay : wait;
			}
		}
		if (wait == null) {
			return Mono.error(exhausted(failure));
		}
		this.again = Map.of();
		this.targets = List.copyOf(round);
		this.next = 0;
		this.request.trail().waited(wait.toNanos());
		return Mono.delay(wait).flatMap((tick) -> {
			Target target = nextTarget();
			return (target != null) ? attempt(target, Attempt.Kind.RETRY) : Mono.error(exhausted(failure));
		});
	}

	/**
	 * How long to wait before a target is tried again: also until it has rested. One that
	 * can't be called for another reason is not waited for.
	 */
	private @Nullable Duration delay(Target target, LlmException failure) {
		Duration delay = this.route.retry().delay(this.retries, failure, this.handler.random());
		Unavailability unavailable = (delay != null) ? this.handler.planner().unavailability(target) : null;
		if (delay == null || unavailable == null) {
			return delay;
		}
		Duration rest = unavailable.retryAfter();
		if (rest == null || !Unavailability.QUOTAS.contains(unavailable.reason())) {
			return null;
		}
		Duration wait = (delay.compareTo(rest) >= 0) ? delay : rest.plus(delay);
		return (wait.compareTo(this.route.retry().maxDelay()) <= 0) ? wait : null;
	}

	private LlmException exhausted(LlmException last) {
		LlmException known = this.original;
		LlmException told = (known != null) ? known : last;
		return told.withAttempts(this.records);
	}

	// Hedging.

	private Mono<LlmResponse> hedged(Target first, HedgingPolicy policy) {
		Duration delay = policy.delay(this.handler.statistics().of(first).p95());
		Hedge hedge = new Hedge();
		long start = System.nanoTime();
		this.raced = start;
		return new HedgedMono(execute(first, Attempt.Kind.FIRST, start), delay, hedge::begin)
			.onErrorResume(LlmException.class, (failure) -> {
				record(first, Attempt.Kind.FIRST, failure, start);
				note(first, failure);
				hedge.note();
				return next(first, failure);
			});
	}

	/** The second of two attempts that run side by side. */
	private final class Hedge {

		private volatile @Nullable Target target;

		private volatile @Nullable LlmException failure;

		/** Begins it, unless there is none to ask or no budget. */
		@Nullable Mono<LlmResponse> begin() {
			if (!AttemptLoop.this.handler.hedges().allowed(AttemptLoop.this.route)) {
				return null;
			}
			Target second = nextTarget();
			if (second == null) {
				return null;
			}
			this.target = second;
			long start = System.nanoTime();
			return execute(second, Attempt.Kind.HEDGE, start).doOnError(LlmException.class, (failure) -> {
				this.failure = failure;
				record(second, Attempt.Kind.HEDGE, failure, start);
			});
		}

		void note() {
			Target known = this.target;
			LlmException failed = this.failure;
			if (known != null && failed != null) {
				AttemptLoop.this.note(known, failed);
			}
		}

	}

}
