package dev.llmproxy.event.redis;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import dev.llmproxy.event.EventJson;
import dev.llmproxy.event.GatewayEvent;
import dev.llmproxy.gateway.StoreLink;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStreamCommands.TrimOptions;
import org.springframework.data.redis.connection.RedisStreamCommands.XAddOptions;
import org.springframework.data.redis.connection.stream.StreamRecords;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * Appends events to a stream in Redis, which is trimmed to about its length. While Redis
 * does not answer, or is too slow, events are dropped, and counted. Thread-safe.
 */
public final class RedisEventStream {

	private static final Log logger = LogFactory.getLog(RedisEventStream.class);

	private final AtomicInteger open = new AtomicInteger();

	private final LongAdder added = new LongAdder();

	private final LongAdder dropped = new LongAdder();

	private final Disposable.Composite running = Disposables.composite();

	private final ReactiveStringRedisTemplate redis;

	private final RedisStreamSettings settings;

	private final XAddOptions options;

	private final StoreLink link;

	public RedisEventStream(ReactiveRedisConnectionFactory connections, RedisStreamSettings settings) {
		this.redis = new ReactiveStringRedisTemplate(connections);
		this.settings = settings;
		this.options = XAddOptions.trim(TrimOptions.maxLen(settings.maxLength()).approximate());
		this.link = new StoreLink(logger, "Redis", settings.deadline(), "events are dropped (llm-proxy.events.redis)");
	}

	/**
	 * Begins to ask whether Redis answers whenever it did not.
	 * @return emits when Redis was asked once
	 */
	public Mono<Void> start() {
		this.running.add(this.link.watch(this.settings.probeInterval(), this::probe).subscribe());
		return this.link.begin(this::probe);
	}

	public void stop() {
		this.running.dispose();
	}

	private Mono<Void> probe() {
		return this.link.probe(() -> this.redis.hasKey(this.settings.stream()), (answer) -> "events are appended");
	}

	/** Appends an event, soon. */
	public void send(GatewayEvent event) {
		if (!this.link.up()) {
			this.dropped.increment();
			return;
		}
		if (this.open.incrementAndGet() > this.settings.capacity()) {
			this.open.decrementAndGet();
			this.dropped.increment();
			return;
		}
		Map<String, String> fields = new LinkedHashMap<>();
		fields.put("type", event.type().label());
		fields.put("timestamp", event.time().toString());
		fields.put("data", EventJson.data(event).toString());
		this.redis.opsForStream()
			.add(StreamRecords.newRecord().in(this.settings.stream()).ofMap(fields), this.options)
			.timeout(this.settings.deadline())
			.doFinally((end) -> this.open.decrementAndGet())
			.subscribe((id) -> {
				this.added.increment();
				this.link.answered();
			}, this::lost);
	}

	private void lost(Throwable failure) {
		this.dropped.increment();
		if (failure instanceof TimeoutException) {
			this.link.silent();
		}
		else {
			this.link.failed(failure);
		}
	}

	/** How many events were appended. */
	public long added() {
		return this.added.sum();
	}

	/** How many events were dropped, or may not have been appended. */
	public long dropped() {
		return this.dropped.sum();
	}

}
