package dev.llmproxy.cache.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import dev.llmproxy.cache.AnswerPattern;
import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.CacheListener;
import dev.llmproxy.cache.Meaning;
import dev.llmproxy.cache.SharedQuestions;
import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.gateway.StoreLink;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.ScanOptions;

/**
 * Remembers questions in vector sets of Redis, for all nodes: one set for those that
 * differ in their last words only, whose elements are the keys of their answers. While
 * Redis does not answer, or has no vector sets, nothing is found. Thread-safe.
 */
public final class RedisQuestions implements SharedQuestions {

	private static final Log logger = LogFactory.getLog(RedisQuestions.class);

	/** In one set, so that Redis looks at all of it in about a millisecond. */
	private static final int MOST = 1000;

	/** Whose answers are looked for: that of the first may be gone. */
	private static final int NEAREST = 3;

	/** By which Redis, which counts in four bytes, may be off. */
	private static final double ROUNDING = 0.000005;

	private static final int SCANNED = 500;

	private static final JsonMapper JSON = ReadyMapper.shared();

	private final ReactiveStringRedisTemplate redis;

	private final VectorSets sets;

	private final RedisAnswerSettings settings;

	private final int most;

	private final StoreLink link;

	private final CacheListener listener;

	private @Nullable Disposable probes;

	/**
	 * Creates one.
	 * @param settings those of the answers
	 * @param maxQuestions that a set may have
	 */
	public RedisQuestions(LettuceConnectionFactory connections, RedisAnswerSettings settings, int maxQuestions,
			CacheListener listener) {
		this.redis = new ReactiveStringRedisTemplate(connections);
		this.sets = new VectorSets(connections);
		this.settings = settings;
		this.most = Math.min(MOST, maxQuestions);
		this.listener = listener;
		this.link = new StoreLink(logger, "Redis", settings.deadline(),
				"questions are remembered by each node for itself (llm-proxy.cache.semantic.store, Redis 8 or later)");
	}

	/**
	 * Begins to ask whether Redis answers whenever it did not.
	 * @return emits when Redis was asked once
	 */
	public Mono<Void> start() {
		this.probes = this.link.watch(this.settings.probeInterval(), this::probe).subscribe();
		return this.link.begin(this::probe);
	}

	public void stop() {
		if (this.probes != null) {
			this.probes.dispose();
		}
		this.sets.close();
	}

	/** Where there are no vector sets this fails, like all else. */
	private Mono<Void> probe() {
		return this.link.probe(() -> {
			this.sets.connect();
			return this.sets.similar(prefix(), new float[] { 1 }, 1);
		}, (answer) -> "questions are shared");
	}

	private String prefix() {
		return this.settings.prefix() + "meaning:";
	}

	/**
	 * Vectors of another length have another set, so that a change of what makes them
	 * begins anew.
	 */
	private String set(Meaning meaning) {
		return prefix() + meaning.partition() + ":" + meaning.vector().length;
	}

	@Override
	public Mono<List<Match>> find(Meaning meaning, double threshold) {
		if (!this.link.up()) {
			this.listener.sharedFault("down");
			return Mono.just(List.of());
		}
		return this.sets.similar(set(meaning), meaning.vector(), NEAREST)
			.timeout(this.settings.deadline())
			.map((found) -> matches(found, threshold))
			.onErrorResume((failure) -> {
				failed(set(meaning), failure);
				return Mono.just(List.of());
			});
	}

	private List<Match> matches(Map<String, Double> found, double threshold) {
		this.link.answered();
		List<Match> matches = new ArrayList<>();
		found.forEach((element, similarity) -> {
			CacheKey key = CacheKey.parse(element);
			if (key != null && similarity >= threshold - ROUNDING) {
				matches.add(new Match(key, Math.min(1, similarity)));
			}
		});
		matches.sort(Comparator.comparingDouble(Match::similarity).reversed());
		return matches;
	}

	private void failed(String set, Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		if (cause instanceof TimeoutException) {
			this.listener.sharedFault("timeout");
			this.link.silent();
		}
		else if (VectorSets.isForeign(cause)) {
			this.listener.sharedFault("foreign");
			unattended(set, this.sets.unlink(set));
		}
		else {
			this.listener.sharedFault("error");
			this.link.failed(cause);
		}
	}

	@Override
	public void add(Meaning meaning, CacheKey key, Duration time) {
		if (!this.link.up() || time.toMillis() <= 0) {
			return;
		}
		String set = set(meaning);
		String owner = JSON.writeValueAsString(Map.of("tenant", meaning.tenant(), "model", meaning.model()));
		unattended(set, this.sets.add(set, meaning.vector(), key.toString(), owner, time)
			.flatMap((number) -> bounded(set, key.toString(), number - this.most)));
	}

	/** Makes room, by what chance says; not of the one that has just come. */
	private Mono<Void> bounded(String set, String newest, long over) {
		return (over <= 0) ? Mono.empty() : this.sets.any(set, over + 1)
			.flatMapIterable(
					(elements) -> elements.stream().filter((element) -> !element.equals(newest)).limit(over).toList())
			.flatMap((element) -> this.sets.remove(set, element))
			.then();
	}

	@Override
	public void remove(Meaning meaning, CacheKey key) {
		String set = set(meaning);
		// It might only have been late, or be on its way there.
		unattended(set, this.sets.exists(this.settings.prefix() + key)
			.flatMap((there) -> there ? Mono.empty() : this.sets.remove(set, key.toString())));
	}

	private void unattended(String set, Mono<?> command) {
		if (this.link.up()) {
			command.timeout(this.settings.deadline().multipliedBy(2))
				.subscribe((done) -> this.link.answered(), (failure) -> failed(set, failure));
		}
	}

	@Override
	public Mono<Void> forget(AnswerPattern which) {
		ScanOptions scan = ScanOptions.scanOptions().match(RedisAnswers.escaped(prefix()) + "*").count(SCANNED).build();
		return Flux.defer(() -> this.redis.scan(scan))
			.filterWhen((set) -> isMeant(set, which))
			.buffer(SCANNED)
			.concatMap((sets) -> this.redis.unlink(sets.toArray(String[]::new)))
			.then()
			// It may have to connect.
			.subscribeOn(Schedulers.boundedElastic())
			.timeout(RedisAnswers.LONGEST_SEARCH);
	}

	/** All elements of a set have one owner. Where none is told it is no set of ours. */
	private Mono<Boolean> isMeant(String set, AnswerPattern which) {
		return this.sets.any(set, 1)
			.flatMapIterable((elements) -> elements)
			.next()
			.flatMap((element) -> this.sets.attributes(set, element))
			.map((attributes) -> {
				JsonNode owner = JSON.readTree(attributes);
				return which.matches(owner.path("tenant").stringValue(), owner.path("model").stringValue());
			})
			.onErrorReturn(true)
			.defaultIfEmpty(true);
	}

}
