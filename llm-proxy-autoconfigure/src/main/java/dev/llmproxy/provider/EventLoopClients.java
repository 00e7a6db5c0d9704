package dev.llmproxy.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;

/**
 * One client per event loop, so that a call started on a server's event loop is sent from
 * that very thread: no hand-over between threads, no contended pool. Calls from other
 * threads share one more client.
 */
final class EventLoopClients {

	private final EventLoop[] loops;

	private final HttpClient[] clients;

	private final HttpClient shared;

	/**
	 * Creates the clients.
	 * @param factory makes a client; called once per event loop with its share of the
	 * pool, each with a pool of its own
	 */
	EventLoopClients(LoopResources resources, Function<LoopResources, HttpClient> factory) {
		List<EventLoop> loops = new ArrayList<>();
		for (EventExecutor executor : resources.onServer(true)) {
			if (executor instanceof EventLoop loop) {
				loops.add(loop);
			}
		}
		this.loops = loops.toArray(EventLoop[]::new);
		this.clients = loops.stream()
			.map((loop) -> factory.apply(new PinnedLoop(resources, loop)))
			.toArray(HttpClient[]::new);
		this.shared = factory.apply(resources);
	}

	HttpClient current() {
		Thread thread = Thread.currentThread();
		for (int i = 0; i < this.loops.length; i++) {
			if (this.loops[i].inEventLoop(thread)) {
				return this.clients[i];
			}
		}
		return this.shared;
	}

	/** Event loop resources that offer clients one loop only. */
	private record PinnedLoop(LoopResources resources, EventLoop loop) implements LoopResources {

		@Override
		public EventLoopGroup onServer(boolean useNative) {
			return this.loop;
		}

		@Override
		public EventLoopGroup onClient(boolean useNative) {
			return this.loop;
		}

		@Override
		public <C extends Channel> C onChannel(Class<C> channelType, EventLoopGroup group) {
			return this.resources.onChannel(channelType, group);
		}

		@Override
		public <C extends Channel> Class<? extends C> onChannelClass(Class<C> channelType, EventLoopGroup group) {
			return this.resources.onChannelClass(channelType, group);
		}

		@Override
		public boolean daemon() {
			return this.resources.daemon();
		}

		@Override
		public boolean isDisposed() {
			return this.resources.isDisposed();
		}

		@Override
		public Mono<Void> disposeLater() {
			return Mono.empty();
		}

	}

}
