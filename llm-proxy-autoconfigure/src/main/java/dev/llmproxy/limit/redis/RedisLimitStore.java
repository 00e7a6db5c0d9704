package dev.llmproxy.limit.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.RandomIds;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.StoreLink;
import dev.llmproxy.limit.Decision;
import dev.llmproxy.limit.FailureMode;
import dev.llmproxy.limit.LimitListener;
import dev.llmproxy.limit.Demand;
import dev.llmproxy.limit.Lease;
import dev.llmproxy.limit.Limited;
import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.limit.LocalLimitStore;
import dev.llmproxy.limit.Quota;
import dev.llmproxy.limit.Refusal;
import dev.llmproxy.limit.Standing;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * Counts in Redis, for all nodes together: a decision is one script and so one step,
 * however many demands and nodes there are, and its clock is that of Redis. While Redis
 * does not answer it does what the failure mode says. Thread-safe.
 */
public final class RedisLimitStore implements LimitStore {

	private static final Log logger = LogFactory.getLog(RedisLimitStore.class);

	/** Subjects whose last standing is remembered for planning. */
	private static final int REMEMBERED = 10_000;

	private static final Limited[] REASONS = { Limited.REQUESTS, Limited.TOKENS, Limited.CONCURRENCY };

	private final ReactiveStringRedisTemplate redis;

	private final RedisLimitSettings settings;

	private final StoreLink link;

	private final LimitListener listener;

	private final LocalLimitStore local = new LocalLimitStore();

	private final LongSupplier clock = System::nanoTime;

	private final Cache<String, Memory> memories = Caffeine.newBuilder().maximumSize(REMEMBERED).build();

	/** Open calls whose number is limited, with the keys they count in. */
	private final Map<String, List<String>> underWay = new ConcurrentHashMap<>();

	private final String node = RandomIds.next("node_");

	private volatile int nodes = 1;

	private @Nullable Disposable heartbeat;

	public RedisLimitStore(ReactiveStringRedisTemplate redis, RedisLimitSettings settings, LimitListener listener) {
		this.redis = redis;
		this.listener = listener;
		this.settings = settings;
		this.link = new StoreLink(logger, "Redis", settings.deadline(), meanwhile(settings.failureMode()));
	}

	private static String meanwhile(FailureMode mode) {
		return "limits are " + switch (mode) {
			case LOCAL -> "counted by each node for itself, up to its share";
			case OPEN -> "not held";
			case CLOSED -> "taken for reached, and calls that have any are refused";
		} + " (llm-proxy.limits.redis.failure-mode)";
	}

	/**
	 * Begins to tell Redis of this node, and to ask again whenever it did not answer.
	 * @return emits when Redis was asked once
	 */
	public Mono<Void> start() {
		Duration beat = this.settings.lease().dividedBy(3);
		long every = Math.max(1, beat.dividedBy(this.settings.probeInterval()));
		this.heartbeat = this.link.watch(this.settings.probeInterval(), (tick) -> tick % every == 0, this::probe)
			.subscribe();
		return this.link.begin(this::probe);
	}

	/** Leaves. */
	public void stop() {
		if (this.heartbeat != null) {
			this.heartbeat.dispose();
		}
	}

	private Mono<Void> probe() {
		return this.link.probe(this::renew, (nodes) -> {
			this.nodes = Math.max(1, nodes.intValue());
			return "limits are shared by " + this.nodes + ((this.nodes == 1) ? " node" : " nodes");
		});
	}

	private Mono<Long> renew() {
		List<String> keys = new ArrayList<>(List.of(key("nodes")));
		List<String> arguments = new ArrayList<>(List.of(this.node, micros(this.settings.lease())));
		this.underWay.forEach((lease, places) -> places.forEach((place) -> {
			keys.add(place);
			arguments.add("1");
			arguments.add(lease);
		}));
		return this.redis.execute(Script.RENEW, keys, arguments).next();
	}

	@Override
	public Mono<Decision> acquire(List<Demand> demands, long tokens) {
		if (!this.link.up()) {
			return withoutRedis(demands, tokens);
		}
		String lease = RandomIds.next("");
		Demanded demanded = new Demanded(demands, tokens, lease);
		// Shared, so that an answer nobody waits for any more is heard all the same.
		Mono<Decision> answer = this.redis.execute(Script.ACQUIRE, demanded.keys(), demanded.acquisition())
			.next()
			.map((reply) -> decision(demanded, reply))
			.cache();
		return answer.timeout(this.settings.deadline()).doOnNext((decision) -> {
			this.link.answered();
			demanded.answered = true;
		})
			// A call that is under way may be cancelled by the same signal; it is
			// settled.
			.doOnCancel(() -> {
				if (!demanded.answered) {
					giveBack(answer, false);
				}
			})
			.onErrorResume((failure) -> {
				if (!(failure instanceof TimeoutException)) {
					this.link.failed(failure);
					return withoutRedis(demands, tokens);
				}
				this.link.silent();
				return withoutRedis(demands, tokens)
					.doOnNext((decision) -> giveBack(answer, decision.refusal() == null))
					.doOnError((refusal) -> giveBack(answer, false));
			});
	}

	/**
	 * What was granted too late, or to somebody who had left, is given back.
	 * @param counts whether the call is made all the same
	 */
	private void giveBack(Mono<Decision> answer, boolean counts) {
		answer.onErrorComplete().subscribe((decision) -> {
			if (decision.lease() instanceof RedisLease late) {
				late.late(counts);
			}
		});
	}

	private Mono<Decision> withoutRedis(List<Demand> demands, long tokens) {
		this.listener.uncounted(this.settings.failureMode());
		return switch (this.settings.failureMode()) {
			case OPEN -> Mono.just(new Decision(null, List.of(), Lease.NONE));
			case LOCAL -> Mono.just(localDecision(demands, tokens));
			case CLOSED -> Mono.error(LlmException.refusal(new LlmError(ErrorKind.OVERLOADED,
					"The gateway cannot tell whether a limit is reached. Try again later.", "limits_unavailable", null),
					Duration.ofSeconds(1)));
		};
	}

	/**
	 * Each node takes its share of what was left when Redis was last heard, so that all
	 * together take no more than the limit.
	 */
	private Decision localDecision(List<Demand> demands, long tokens) {
		int nodes = state().nodes();
		List<Demand> shares = new ArrayList<>(demands.size());
		for (Demand demand : demands) {
			Standing known = known(demand);
			Refusal refusal = (known != null) ? usedUp(known, nodes) : null;
			if (refusal != null) {
				return Decision.refused(refusal);
			}
			shares.add(new Demand((known != null) ? known.share(nodes) : demand.quota().dividedBy(nodes),
					demand.subject()));
		}
		return this.local.decide(shares, tokens);
	}

	private static @Nullable Refusal usedUp(Standing standing, int nodes) {
		Quota quota = standing.demand().quota();
		if (quota.requests() > 0 && standing.remainingRequests() < nodes && standing.requests() > 0) {
			return new Refusal(standing, Limited.REQUESTS, standing.requestsReset());
		}
		if (quota.tokens() > 0 && standing.remainingTokens() < nodes && standing.tokens() > 0) {
			return new Refusal(standing, Limited.TOKENS, standing.tokensReset());
		}
		return null;
	}

	private Decision decision(Demanded demanded, List<?> answer) {
		List<Demand> demands = demanded.demands();
		if (number(answer, 0) == 0) {
			int index = (int) number(answer, 1);
			Limited limited = REASONS[(int) number(answer, 2) - 1];
			long wait = number(answer, 3);
			Refusal refusal = new Refusal(standing(demands.get(index), answer, 4), limited,
					(wait < 0) ? null : Duration.ofNanos(wait * 1000));
			remember(refusal.standing(), refusal);
			return Decision.refused(refusal);
		}
		Standing[] standings = new Standing[demands.size()];
		String[] slots = new String[standings.length];
		for (int i = 0; i < standings.length; i++) {
			int at = 1 + i * 5;
			standings[i] = standing(demands.get(i), answer, at);
			slots[i] = Long.toString(number(answer, at + 4));
			remember(standings[i], null);
		}
		List<String> places = demanded.places();
		if (!places.isEmpty()) {
			this.underWay.put(demanded.lease(), places);
		}
		return new Decision(null, Arrays.asList(standings), new RedisLease(demanded, slots));
	}

	private static Standing standing(Demand demand, List<?> answer, int at) {
		long requests = number(answer, at);
		long tokens = number(answer, at + 1);
		Duration reset = Duration.ofNanos(number(answer, at + 3) * 1000);
		return new Standing(demand, requests, tokens, (int) number(answer, at + 2),
				(requests > 0) ? reset : Duration.ZERO, (tokens > 0) ? reset : Duration.ZERO);
	}

	private static long number(List<?> answer, int index) {
		return ((Number) answer.get(index)).longValue();
	}

	private void remember(Standing standing, @Nullable Refusal refusal) {
		this.memories.put(standing.demand().key(), new Memory(standing, refusal, this.clock.getAsLong()));
	}

	@Override
	public @Nullable Refusal refusal(Demand demand) {
		if (!this.link.up()) {
			return (this.settings.failureMode() == FailureMode.LOCAL) ? this.local.refusal(demand) : null;
		}
		Memory memory = this.memories.getIfPresent(demand.key());
		return (memory != null) ? memory.refusal(this.clock.getAsLong()) : null;
	}

	@Override
	public @Nullable Standing known(Demand demand) {
		Memory memory = this.memories.getIfPresent(demand.key());
		return (memory != null) ? memory.standing(this.clock.getAsLong()) : null;
	}

	@Override
	public List<Standing> known(int most) {
		if (!this.link.up() && this.settings.failureMode() == FailureMode.LOCAL) {
			return this.local.known(most);
		}
		long now = this.clock.getAsLong();
		return this.memories.asMap()
			.values()
			.stream()
			.map((memory) -> memory.standing(now))
			.sorted(Comparator.comparingDouble(Standing::headroom))
			.limit(most)
			.toList();
	}

	@Override
	public Mono<Void> reset(Demand demand) {
		this.memories.invalidate(demand.key());
		return this.redis.delete(windowKey(demand)).then();
	}

	@Override
	public State state() {
		return new State("redis", !this.link.up(), (this.settings.nodes() > 0) ? this.settings.nodes() : this.nodes,
				this.settings.failureMode());
	}

	/** The same slot of a cluster for all, because one script needs them all. */
	private String key(String rest) {
		return this.settings.prefix() + "{limits}:" + rest;
	}

	private String windowKey(Demand demand) {
		return key("w:" + demand.quota().window().toMillis() + ':' + demand.key());
	}

	private String placeKey(Demand demand) {
		return key("c:" + demand.key());
	}

	private static String micros(Duration duration) {
		return Long.toString(duration.toNanos() / 1000);
	}

	/** Nobody waits for it: what is lost by a failure is over when the window is. */
	private void settle(Demanded demanded, List<String> arguments) {
		this.underWay.remove(demanded.lease());
		this.redis.execute(Script.SETTLE, demanded.keys(), arguments)
			.next()
			.timeout(Duration.ofSeconds(1))
			.onErrorComplete()
			.subscribe();
	}

	/** What was asked of Redis for one call. */
	private final class Demanded {

		private final List<Demand> demands;

		private final long tokens;

		private final String lease;

		private final List<String> keys;

		/** Whether somebody has the decision, who has to settle then. */
		private volatile boolean answered;

		Demanded(List<Demand> demands, long tokens, String lease) {
			this.demands = demands;
			this.tokens = tokens;
			this.lease = lease;
			this.keys = new ArrayList<>(demands.size() * 2);
			for (Demand demand : demands) {
				this.keys.add(windowKey(demand));
				this.keys.add(placeKey(demand));
			}
		}

		List<Demand> demands() {
			return this.demands;
		}

		long tokens() {
			return this.tokens;
		}

		String lease() {
			return this.lease;
		}

		List<String> keys() {
			return this.keys;
		}

		/** The keys of the calls under way, where there is a limit to them. */
		List<String> places() {
			List<String> places = new ArrayList<>(0);
			for (Demand demand : this.demands) {
				if (demand.quota().concurrency() > 0) {
					places.add(placeKey(demand));
				}
			}
			return places;
		}

		/** Whether anything changes when the call is over. */
		boolean settles() {
			for (Demand demand : this.demands) {
				if (demand.quota().tokens() > 0 || demand.quota().concurrency() > 0) {
					return true;
				}
			}
			return false;
		}

		List<String> acquisition() {
			List<String> arguments = new ArrayList<>(3 + this.demands.size() * 4);
			arguments.add(this.lease);
			arguments.add(micros(RedisLimitStore.this.settings.lease()));
			arguments.add(Long.toString(this.tokens));
			for (Demand demand : this.demands) {
				arguments.add(Long.toString(demand.quota().requests()));
				arguments.add(Long.toString(demand.quota().tokens()));
				arguments.add(Integer.toString(demand.quota().concurrency()));
				arguments.add(micros(demand.quota().window()));
			}
			return arguments;
		}

		List<String> settlement(long more, boolean made, String[] slots) {
			List<String> arguments = new ArrayList<>(3 + this.demands.size() * 3);
			arguments.add(this.lease);
			arguments.add(Long.toString(more));
			arguments.add(made ? "1" : "0");
			for (int i = 0; i < slots.length; i++) {
				arguments.add((this.demands.get(i).quota().tokens() > 0) ? "1" : "0");
				arguments.add(micros(this.demands.get(i).quota().window()));
				arguments.add((slots[i] != null) ? slots[i] : "");
			}
			return arguments;
		}

	}

	private final class RedisLease implements Lease {

		private final Demanded demanded;

		private final String[] slots;

		private final AtomicBoolean over = new AtomicBoolean();

		RedisLease(Demanded demanded, String[] slots) {
			this.demanded = demanded;
			this.slots = slots;
		}

		@Override
		public void settle(long tokens) {
			if (this.demanded.settles() && RedisLimitStore.this.link.up()) {
				end(tokens - this.demanded.tokens(), true);
			}
			RedisLimitStore.this.underWay.remove(this.demanded.lease());
		}

		@Override
		public void cancel() {
			if (RedisLimitStore.this.link.up()) {
				end(-this.demanded.tokens(), false);
			}
			RedisLimitStore.this.underWay.remove(this.demanded.lease());
		}

		/** Redis has just answered, whatever is thought of it. */
		void late(boolean counts) {
			end(-this.demanded.tokens(), counts);
		}

		private void end(long more, boolean made) {
			if (this.over.compareAndSet(false, true)) {
				RedisLimitStore.this.settle(this.demanded, this.demanded.settlement(more, made, this.slots));
			}
		}

	}

	/** What Redis last said of a demand. */
	private record Memory(Standing standing, @Nullable Refusal refusal, long at) {

		@Nullable Refusal refusal(long now) {
			if (this.refusal == null) {
				return null;
			}
			Duration wait = this.refusal.retryAfter();
			// What was too much for one call says nothing of others.
			Duration left = (wait != null) ? wait.minusNanos(now - this.at) : Duration.ZERO;
			return (left.isNegative() || left.isZero() || this.refusal.limited() == Limited.CONCURRENCY) ? null
					: new Refusal(this.standing, this.refusal.limited(), left);
		}

		/** What is over by now does not count any more. */
		Standing standing(long now) {
			Duration requests = this.standing.requestsReset().minusNanos(now - this.at);
			Duration tokens = this.standing.tokensReset().minusNanos(now - this.at);
			return new Standing(this.standing.demand(), requests.isNegative() ? 0 : this.standing.requests(),
					tokens.isNegative() ? 0 : this.standing.tokens(), this.standing.concurrency(),
					requests.isNegative() ? Duration.ZERO : requests, tokens.isNegative() ? Duration.ZERO : tokens);
		}

	}

}
