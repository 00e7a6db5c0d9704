package dev.llmproxy.context;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.llmproxy.chat.Message;
import dev.llmproxy.context.ContextListener.SummaryEvent;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.MemoryBudget;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Summaries of the beginnings of conversations, by whose they are and what was said. A
 * longer beginning is summarised from the summary of the longest part of it that there
 * is, and what was said since. Who waits for the same one waits for one call; it is
 * cancelled when nobody waits any more. Thread-safe.
 */
public final class Summaries {

	/** Roughly, of an entry besides its text. */
	private static final int ENTRY = 256;

	private static final int MOST_FAILURES = 10_000;

	private final Summariser summariser;

	private final SummarySettings settings;

	private final ContextListener listener;

	private final MemoryBudget memory;

	private final Cache<Key, String> known;

	private final Cache<Key, Boolean> failed;

	private final ConcurrentMap<Key, Mono<Result>> underWay = new ConcurrentHashMap<>();

	private final AtomicInteger preparing = new AtomicInteger();

	public Summaries(Summariser summariser, SummarySettings settings, MemoryBudget memory, ContextListener listener) {
		this.summariser = summariser;
		this.settings = settings;
		this.memory = memory;
		this.listener = listener;
		this.known = Caffeine.newBuilder()
			.maximumWeight(settings.bytes())
			.weigher((Key key, String text) -> bytes(text))
			.expireAfterAccess(settings.ttl())
			.removalListener((key, text, cause) -> released(text))
			.build();
		this.failed = Caffeine.newBuilder().maximumSize(MOST_FAILURES).expireAfterWrite(settings.rest()).build();
		memory.onPressure(this::shrink);
	}

	private static int bytes(String text) {
		return ENTRY + 2 * text.length();
	}

	private void released(@Nullable String text) {
		if (text != null) {
			this.memory.release(MemoryBudget.Use.CACHE, bytes(text));
		}
	}

	private void shrink(MemoryBudget.Pressure pressure) {
		long most = (pressure == MemoryBudget.Pressure.NONE) ? this.settings.bytes() : this.settings.bytes() / 8;
		this.known.policy().eviction().ifPresent((eviction) -> eviction.setMaximum(most));
	}

	/**
	 * The summary of all steps.
	 * @param steps what was said, not empty
	 * @return always something, but for a failure that is a bug
	 */
	Mono<Result> of(LlmRequest request, List<List<Message>> steps, SummaryPolicy policy) {
		List<Key> keys = keys(request, steps, policy);
		Key key = keys.get(keys.size() - 1);
		String text = this.known.getIfPresent(key);
		if (text != null) {
			this.listener.summary(SummaryEvent.REUSED);
			return Mono.just(new Result.Made(text));
		}
		if (this.failed.getIfPresent(key) != null) {
			return Mono.just(Result.FAILED);
		}
		return shared(key, new Work(request, steps, keys, policy));
	}

	/**
	 * Has a summary made that will be needed, and returns at once. It is left out while
	 * too many are being made.
	 */
	void prepare(LlmRequest request, List<List<Message>> steps, SummaryPolicy policy) {
		List<Key> keys = keys(request, steps, policy);
		Key key = keys.get(keys.size() - 1);
		if (this.known.getIfPresent(key) != null || this.failed.getIfPresent(key) != null
				|| this.underWay.containsKey(key)) {
			return;
		}
		if (this.preparing.incrementAndGet() > this.settings.background()) {
			this.preparing.decrementAndGet();
			return;
		}
		shared(key, new Work(request, steps, keys, policy)).subscribeOn(Schedulers.boundedElastic())
			.doFinally((signal) -> this.preparing.decrementAndGet())
			.onErrorComplete()
			.subscribe();
	}

	private static List<Key> keys(LlmRequest request, List<List<Message>> steps, SummaryPolicy policy) {
		String tenant = request.caller().id();
		return PrefixDigest.of(steps, policy).stream().map((digest) -> new Key(tenant, digest)).toList();
	}

	private Mono<Result> shared(Key key, Work work) {
		return this.underWay.computeIfAbsent(key, (absent) -> made(absent, work));
	}

	private Mono<Result> made(Key key, Work work) {
		Flux<Result> once = Mono.defer(() -> make(key, work))
			.timeout(work.policy().timeout())
			.onErrorResume((failure) -> Mono.just(fail(key)))
			.doFinally((signal) -> this.underWay.remove(key))
			.flux();
		return once.replay(1).refCount(1).next();
	}

	private Mono<Result> make(Key key, Work work) {
		int done = work.keys().size();
		String before = null;
		while (done > 0 && before == null) {
			before = this.known.getIfPresent(work.keys().get(--done));
		}
		if (before != null && done == work.keys().size() - 1) {
			return Mono.just(new Result.Made(before));
		}
		SummaryEvent event = (before != null) ? SummaryEvent.GROWN : SummaryEvent.MADE;
		List<Message> since = work.steps()
			.subList((before != null) ? done + 1 : 0, work.steps().size())
			.stream()
			.flatMap(List::stream)
			.toList();
		return this.summariser.summarise(work.request(), (before != null) ? before : "", since, work.policy())
			.map((text) -> keep(key, text, event));
	}

	private Result keep(Key key, String text, SummaryEvent event) {
		this.listener.summary(event);
		if (this.memory.reserve(MemoryBudget.Use.CACHE, bytes(text))) {
			this.known.put(key, text);
		}
		return new Result.Made(text);
	}

	private Result fail(Key key) {
		this.listener.summary(SummaryEvent.FAILED);
		if (!this.settings.rest().isZero()) {
			this.failed.put(key, Boolean.TRUE);
		}
		return Result.FAILED;
	}

	/** Bytes of what is kept. */
	public long size() {
		this.known.cleanUp();
		return this.known.policy().eviction().map((eviction) -> eviction.weightedSize().orElse(0)).orElse(0L);
	}

	/** What became of it. */
	sealed interface Result {

		Result FAILED = new Failed();

		record Made(String text) implements Result {
		}

		/** Why is known to the metrics and the logs of the attempts. */
		record Failed() implements Result {
		}

	}

	private record Key(String tenant, String digest) {
	}

	private record Work(LlmRequest request, List<List<Message>> steps, List<Key> keys, SummaryPolicy policy) {
	}

}
