package dev.llmproxy.cluster.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.llmproxy.cluster.Cluster;
import dev.llmproxy.cluster.MessageCounts;
import dev.llmproxy.cluster.MessageCounts.Kind;
import dev.llmproxy.cluster.MessageCounts.Outcome;
import dev.llmproxy.cluster.NodeListener;
import dev.llmproxy.cluster.NodeMessage;
import dev.llmproxy.cluster.NodeMessage.Change;
import dev.llmproxy.cluster.Told;
import dev.llmproxy.cluster.redis.Changes.Numbered;
import dev.llmproxy.dialect.RandomIds;
import dev.llmproxy.gateway.StoreLink;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * Tells other nodes through Redis. All that is told, heard and known goes through one
 * queue and is done on its thread, one after the other; calls never wait for it. While
 * Redis does not answer hints are dropped, and changes wait. Thread-safe.
 */
public final class RedisCluster implements Cluster {

	private static final Log logger = LogFactory.getLog(RedisCluster.class);

	/** Of changes, and of hints: names of targets may come from callers. */
	private static final int MOST_KEPT = 1000;

	private final AtomicInteger underWay = new AtomicInteger();

	private final Disposable.Composite running = Disposables.composite();

	private final List<NodeListener> listeners = new CopyOnWriteArrayList<>();

	private final MessageCounts counts = new MessageCounts();

	private final Changes changes = new Changes(MOST_KEPT, System::nanoTime);

	private final Channel channel;

	private final ReactiveStringRedisTemplate redis;

	private final RedisClusterSettings settings;

	private final StoreLink link;

	private final Work work;

	/** Ends when it hears the others, and knows what they had told before. */
	private final Sinks.Empty<Void> listening = Sinks.empty();

	/** Two nodes may have one name by mistake, but not this one. */
	private final String node;

	public RedisCluster(ReactiveRedisConnectionFactory connections, RedisClusterSettings settings) {
		this.channel = new Channel(connections, settings.channel());
		this.redis = new ReactiveStringRedisTemplate(connections);
		this.settings = settings;
		this.node = RandomIds.next(settings.node() + "-");
		this.work = new Work(settings.queue(), MOST_KEPT);
		this.link = new StoreLink(logger, "Redis", settings.deadline(),
				"nodes do not hear of each other's rests, breakers and operators (llm-proxy.cluster)");
	}

	/**
	 * Begins to listen, and to look now and then for what was missed.
	 * @return ends when all that the others know was taken over and it hears what they
	 * tell, or Redis was asked in vain
	 */
	public Mono<Void> start() {
		this.work.start();
		long every = this.settings.refreshInterval().dividedBy(this.settings.probeInterval());
		this.running
			.add(this.link.watch(this.settings.probeInterval(), (tick) -> tick % every == every - 1, () -> probe(false))
				.subscribe());
		this.running.add(this.channel.messages(() -> probe(true).then(Mono.fromRunnable(this.listening::tryEmitEmpty)))
			.doOnNext(this::received)
			.onErrorComplete()
			.then()
			.repeatWhen((ends) -> ends.delayElements(this.settings.probeInterval()))
			.subscribe());
		Mono<Void> hears = this.listening.asMono().timeout(this.settings.deadline(), Mono.empty());
		return this.link.begin(() -> probe(true))
			.then(Mono.defer(() -> this.link.up() ? hears : Mono.empty()))
			.then(this.work.done());
	}

	public void stop() {
		this.running.dispose();
		this.work.close(this.settings.deadline());
	}

	/** Whether Redis answers, as far as is known. */
	public boolean up() {
		return this.link.up();
	}

	/** What became of messages. */
	public MessageCounts counts() {
		return this.counts;
	}

	@Override
	public void listen(NodeListener listener) {
		this.listeners.add(listener);
	}

	private Mono<Void> probe(boolean first) {
		boolean hints = first || !this.link.up();
		return this.link.probe(() -> this.redis
			.execute(Script.READ, List.of(this.settings.changes(), this.settings.hints()),
					List.of(Integer.toString(MessageFormat.LONGEST * 4), Integer.toString(MOST_KEPT)))
			.next(), (answer) -> {
				this.work.offer(() -> took(Kept.read(answer), hints));
				return "nodes hear of each other";
			});
	}

	@Override
	public void hint(Supplier<? extends NodeMessage.@Nullable Hint> hint) {
		if (!this.work.ifRoom(() -> send(hint.get()))) {
			this.counts.count(Kind.UNKNOWN, Outcome.DROPPED);
		}
	}

	private void send(NodeMessage.@Nullable Hint hint) {
		if (hint == null) {
			return;
		}
		Kind kind = Kind.of(hint);
		String text = MessageFormat.write(this.node, hint);
		if (text == null || !this.link.up() || this.underWay.get() >= this.settings.queue()) {
			this.counts.count(kind, Outcome.DROPPED);
			return;
		}
		String about = ((kind == Kind.REST) ? "rest " : "opened ") + hint.target();
		this.underWay.incrementAndGet();
		this.redis
			.execute(Script.HINT, List.of(this.settings.hints()),
					List.of(this.settings.channel(), text, about, Long.toString(Math.max(1, hint.length().toMillis())),
							Integer.toString(MOST_KEPT)))
			.next()
			.timeout(this.settings.deadline())
			.doFinally((end) -> this.underWay.decrementAndGet())
			.subscribe((heard) -> {
				this.link.answered();
				this.counts.count(kind, Outcome.TOLD);
			}, (failure) -> lost(kind, failure));
	}

	private void lost(Kind kind, Throwable failure) {
		this.counts.count(kind, Outcome.DROPPED);
		if (failure instanceof TimeoutException) {
			this.link.silent();
		}
		else {
			this.link.failed(failure);
		}
	}

	@Override
	public Mono<Told> tell(Change change) {
		Sinks.One<Told> told = Sinks.one();
		boolean room = this.work.offer(() -> {
			this.changes.begin(change);
			if (this.link.up()) {
				write(change, 0, false, told);
			}
			else {
				told.tryEmitValue(Told.LATER);
			}
		});
		return room ? told.asMono().timeout(this.settings.deadline().multipliedBy(2), Mono.just(Told.LATER))
				: Mono.just(Told.LATER);
	}

	/**
	 * Writes a change.
	 * @param revision its number, or 0 if it gets one
	 * @param yields to what this node does not know of
	 */
	private void write(Change change, long revision, boolean yields, Sinks.One<Told> told) {
		String text = MessageFormat.write(this.node, change);
		if (text == null) {
			this.changes.overtaken(change);
			told.tryEmitValue(Told.LATER);
			return;
		}
		List<String> arguments = new ArrayList<>(List.of(this.settings.channel(), text, change.place(),
				change.action().standing() ? "1" : "0", Long.toString(this.changes.revision(change.place())),
				Long.toString(revision), yields ? "1" : "0", Integer.toString(MOST_KEPT)));
		if (change.action().ofBreakers()) {
			arguments.addAll(List.of("rest " + change.subject(), "opened " + change.subject()));
		}
		this.changes.sent(change);
		this.redis.execute(Script.CHANGE, List.of(this.settings.changes(), this.settings.hints()), arguments)
			.next()
			.timeout(this.settings.deadline())
			.subscribe((answer) -> this.work.offer(() -> written(change, answer, told)), (failure) -> {
				lost(Kind.CHANGE, failure);
				this.work.offer(() -> this.changes.failed(change));
				told.tryEmitValue(Told.LATER);
			});
	}

	private void written(Change change, List<?> answer, Sinks.One<Told> told) {
		this.link.answered();
		if (number(answer, 0) == 0) {
			this.changes.overtaken(change);
			told.tryEmitValue(Told.LATER);
			return;
		}
		this.counts.count(Kind.CHANGE, Outcome.TOLD);
		// One of those that heard it is this node.
		told.tryEmitValue(new Told(true, Math.max(0, number(answer, 2) - 1)));
		Numbered since = this.changes.numbered(change, this.node, number(answer, 1));
		if (since != null) {
			tell(since.node(), since.change());
		}
	}

	private static long number(List<?> answer, int index) {
		return ((Number) answer.get(index)).longValue();
	}

	/** On a thread of the client's, where nothing is done. */
	private void received(ByteBuffer message) {
		if (message.remaining() > MessageFormat.LONGEST * 4) {
			this.counts.count(Kind.UNKNOWN, Outcome.INVALID);
			return;
		}
		String text = StandardCharsets.UTF_8.decode(message).toString();
		if (!this.work.ifRoom(() -> heard(text))) {
			this.counts.count(Kind.UNKNOWN, Outcome.DROPPED);
		}
	}

	private void heard(String text) {
		MessageFormat.Received received = MessageFormat.read(text);
		if (received == null) {
			this.counts.count(Kind.UNKNOWN, Outcome.INVALID);
			return;
		}
		if (received.node().equals(this.node)) {
			return;
		}
		if (received.message() instanceof Change change
				&& !this.changes.heard(new Numbered(change, received.node(), received.number()))) {
			this.counts.count(Kind.CHANGE, Outcome.IGNORED);
			return;
		}
		tell(received.node(), received.message());
	}

	private void tell(String node, NodeMessage message) {
		boolean used = false;
		for (NodeListener listener : this.listeners) {
			used |= listener.heard(node, message);
		}
		this.counts.count(Kind.of(message), used ? Outcome.HEARD : Outcome.IGNORED);
	}

	/** All that was kept for nodes that did not hear it. */
	private void took(Kept kept, boolean hints) {
		this.counts.add(Kind.UNKNOWN, Outcome.INVALID, kept.invalid());
		kept.hints()
			.stream()
			.filter((hint) -> hints && !hint.node().equals(this.node))
			.forEach((hint) -> tell(hint.node(), hint.message()));
		this.changes.read(kept.changes()).forEach((news) -> tell(news.node(), news.change()));
		for (Change change : this.changes.untold()) {
			write(change, 0, true, Sinks.one());
		}
		for (Numbered lost : this.changes.lost(kept.changes())) {
			write(lost.change(), lost.revision(), true, Sinks.one());
		}
	}

}
