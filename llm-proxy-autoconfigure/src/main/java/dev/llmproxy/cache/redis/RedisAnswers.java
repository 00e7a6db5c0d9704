package dev.llmproxy.cache.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

import dev.llmproxy.cache.AnswerPattern;
import dev.llmproxy.cache.CacheKey;
import dev.llmproxy.cache.CacheListener;
import dev.llmproxy.cache.KeptAnswer;
import dev.llmproxy.cache.LocalAnswers;
import dev.llmproxy.cache.SharedAnswers;
import dev.llmproxy.gateway.StoreLink;
import io.lettuce.core.RedisCommandExecutionException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.ReactiveSubscription.Message;
import org.springframework.data.redis.core.ReactiveRedisTemplate;
import org.springframework.data.redis.core.ScanOptions;
import org.springframework.data.redis.serializer.RedisSerializationContext;
import org.springframework.data.redis.serializer.RedisSerializer;

/**
 * Keeps answers in Redis, for all nodes. Whatever is found there that is no answer is a
 * miss, and removed; while Redis does not answer nothing is found. Thread-safe.
 */
public final class RedisAnswers implements SharedAnswers {

	private static final Log logger = LogFactory.getLog(RedisAnswers.class);

	/** For an operator who waits, and for nobody else. */
	private static final Duration LONGEST_REMOVAL = Duration.ofSeconds(5);

	static final Duration LONGEST_SEARCH = Duration.ofSeconds(30);

	private static final int SCANNED = 500;

	private static final String ONE = "key ";

	private static final String MANY = "pattern ";

	private final ReactiveRedisTemplate<String, byte[]> redis;

	private final RedisAnswerSettings settings;

	private final AnswerFormat format;

	private final StoreLink link;

	private final LocalAnswers local;

	private final CacheListener listener;

	private final Disposable.Composite running = Disposables.composite();

	public RedisAnswers(ReactiveRedisConnectionFactory connections, RedisAnswerSettings settings, LocalAnswers local,
			CacheListener listener) {
		this.redis = new ReactiveRedisTemplate<>(connections,
				RedisSerializationContext.<String, byte[]>newSerializationContext(RedisSerializer.string())
					.value(RedisSerializer.byteArray())
					.build());
		this.settings = settings;
		this.format = new AnswerFormat(settings.compressAbove(), settings.maxAnswer());
		this.local = local;
		this.listener = listener;
		this.link = new StoreLink(logger, "Redis", settings.deadline(),
				"answers are cached by each node for itself (llm-proxy.cache.store)");
	}

	/**
	 * Begins to ask whether Redis answers whenever it did not, and to hear what other
	 * nodes forget.
	 * @return emits when Redis was asked once
	 */
	public Mono<Void> start() {
		this.running.add(this.link.watch(this.settings.probeInterval(), this::probe).subscribe());
		this.running.add(Mono.defer(() -> this.redis.listenToChannel(channel()).doOnNext(this::heard).then())
			.subscribeOn(Schedulers.boundedElastic())
			.onErrorComplete()
			.repeatWhen((ends) -> ends.delayElements(this.settings.probeInterval()))
			.subscribe());
		return this.link.begin(this::probe);
	}

	public void stop() {
		this.running.dispose();
	}

	private Mono<Void> probe() {
		return this.link.probe(() -> this.redis.hasKey(this.settings.prefix()), (answer) -> "answers are shared");
	}

	private String key(CacheKey key) {
		return this.settings.prefix() + key;
	}

	private String channel() {
		return this.settings.prefix() + "forgotten";
	}

	@Override
	public Mono<Optional<KeptAnswer>> find(CacheKey key) {
		if (!this.link.up()) {
			this.listener.sharedFault("down");
			return Mono.just(Optional.empty());
		}
		// Of whatever is there no more is read than an answer can have.
		return beginning(key(key), this.format.longest()).timeout(this.settings.deadline())
			.<Optional<KeptAnswer>>map((bytes) -> Optional.ofNullable(read(key, bytes)))
			.defaultIfEmpty(Optional.empty())
			.onErrorResume((failure) -> failed(key, failure));
	}

	/** The first bytes of a value; none where there is no value. */
	private Mono<byte[]> beginning(String key, long last) {
		ByteBuffer name = ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
		return this.redis.execute((connection) -> connection.stringCommands().getRange(name, 0, last))
			.next()
			.map((buffer) -> {
				byte[] bytes = new byte[buffer.remaining()];
				buffer.get(bytes);
				return bytes;
			});
	}

	private @Nullable KeptAnswer read(CacheKey key, byte[] bytes) {
		this.link.answered();
		if (bytes.length == 0) {
			return null;
		}
		KeptAnswer answer = (bytes.length <= this.format.longest()) ? this.format.read(bytes) : null;
		if (answer == null) {
			remove(key, (bytes.length <= this.format.longest()) ? "corrupt" : "oversized");
		}
		return answer;
	}

	private Mono<Optional<KeptAnswer>> failed(CacheKey key, Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		if (cause instanceof RedisCommandExecutionException answer && isWrongType(answer)) {
			remove(key, "foreign");
		}
		else {
			lost(failure);
		}
		return Mono.just(Optional.empty());
	}

	/** What lies there is no text of bytes at all. */
	private static boolean isWrongType(RedisCommandExecutionException answer) {
		return String.valueOf(answer.getMessage()).startsWith("WRONGTYPE");
	}

	private void lost(Throwable failure) {
		if (failure instanceof TimeoutException) {
			this.listener.sharedFault("timeout");
			this.link.silent();
		}
		else {
			this.listener.sharedFault("error");
			this.link.failed(failure);
		}
	}

	private void remove(CacheKey key, String reason) {
		this.listener.sharedFault(reason);
		unattended(this.redis.unlink(key(key)));
	}

	@Override
	public void keep(CacheKey key, KeptAnswer answer) {
		Duration time = answer.ttl().plus(answer.stale());
		if (!this.link.up() || answer.length() > this.settings.maxAnswer() || time.toMillis() <= 0) {
			return;
		}
		// Compressing takes longer than an event loop should be busy.
		unattended(Mono.fromSupplier(() -> this.format.write(answer))
			.subscribeOn(Schedulers.parallel())
			.flatMap((bytes) -> this.redis.opsForValue()
				.set(key(key), bytes, time)
				.timeout(this.settings.deadline().multipliedBy(2))));
	}

	private void unattended(Mono<?> command) {
		command.subscribe((done) -> this.link.answered(), this::lost);
	}

	@Override
	public Mono<Boolean> forget(CacheKey key) {
		return told(ONE + key).then(this.redis.unlink(key(key))).map((number) -> number > 0).timeout(LONGEST_REMOVAL);
	}

	@Override
	public Mono<Long> forget(AnswerPattern which) {
		ScanOptions scan = ScanOptions.scanOptions()
			.match(escaped(this.settings.prefix()) + "*")
			.count(SCANNED)
			.build();
		return told(MANY + which.tenant() + " " + which.model()).thenMany(this.redis.scan(scan))
			.filterWhen((key) -> isMeant(key, which))
			.buffer(SCANNED)
			.concatMap((keys) -> this.redis.unlink(keys.toArray(String[]::new)))
			.reduce(0L, Long::sum)
			.timeout(LONGEST_SEARCH);
	}

	private Mono<Boolean> isMeant(String key, AnswerPattern which) {
		return beginning(key, AnswerFormat.LONGEST_HEAD).map((beginning) -> {
			List<String> owner = AnswerFormat.owner(beginning);
			return owner != null && which.matches(owner.get(0), owner.get(1));
		}).onErrorReturn(false).defaultIfEmpty(false);
	}

	static String escaped(String prefix) {
		return prefix.replaceAll("([\\\\*?\\[\\]])", "\\\\$1");
	}

	private Mono<Long> told(String message) {
		return this.redis.convertAndSend(channel(), message.getBytes(StandardCharsets.UTF_8));
	}

	/** Another node, or this one, was told to forget. */
	private void heard(Message<String, byte[]> message) {
		String text = new String(message.getMessage(), StandardCharsets.UTF_8);
		if (text.startsWith(ONE)) {
			CacheKey key = CacheKey.parse(text.substring(ONE.length()));
			if (key != null) {
				this.local.forget(key);
			}
			return;
		}
		int space = text.lastIndexOf(' ');
		if (text.startsWith(MANY) && space >= MANY.length()) {
			this.local.forget(new AnswerPattern(text.substring(MANY.length(), space), text.substring(space + 1)));
		}
	}

}
