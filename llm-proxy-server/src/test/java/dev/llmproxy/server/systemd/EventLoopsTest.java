package dev.llmproxy.server.systemd;

import dev.llmproxy.autoconfigure.EventLoopAutoConfiguration;
import dev.llmproxy.systemd.EpollLoops;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringSocketChannel;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.system.ApplicationPid;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.HttpHandler;

import static org.assertj.core.api.Assertions.assertThat;

/** What carries the connections. */
class EventLoopsTest {

	private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(EventLoopAutoConfiguration.class, NettyReactiveWebServerAutoConfiguration.class))
		.withBean(HttpHandler.class, () -> (request, response) -> response.setComplete());

	private static boolean isEpoll(ReactorResourceFactory resources) {
		LoopResources loops = resources.getLoopResources();
		EventLoopGroup group = loops.onServer(true);
		return loops.onChannelClass(SocketChannel.class, group) == (Class<?>) EpollSocketChannel.class;
	}

	@Test
	void ioUringIsTakenWhereItIsThere() {
		this.runner.run((context) -> {
			LoopResources loops = context.getBean(ReactorResourceFactory.class).getLoopResources();
			Class<?> type = loops.onChannelClass(SocketChannel.class, loops.onServer(true));
			assertThat(type == IoUringSocketChannel.class).isEqualTo(IoUring.isAvailable());
			assertThat(context).doesNotHaveBean(EventLoopAutoConfiguration.class);
		});
	}

	@Test
	void itCanBeSwitchedOff() {
		this.runner.withPropertyValues("llm-proxy.server.io-uring=false")
			.run((context) -> assertThat(isEpoll(context.getBean(ReactorResourceFactory.class))).isTrue());
	}

	@Test
	void anInheritedSocketTakesEpoll() {
		ReactiveWebApplicationContextRunner inheriting = this.runner.withPropertyValues("LISTEN_FDS=1",
				"LISTEN_PID=" + new ApplicationPid().toLong());
		inheriting.withPropertyValues("llm-proxy.server.systemd=true")
			.run((context) -> assertThat(isEpoll(context.getBean(ReactorResourceFactory.class))).isTrue());
		inheriting.run((context) -> assertThat(isEpoll(context.getBean(ReactorResourceFactory.class)))
			.isEqualTo(!IoUring.isAvailable()));
	}

	@Test
	void anApplicationsOwnLoopsStay() {
		ReactorResourceFactory own = new ReactorResourceFactory();
		this.runner.withBean(ReactorResourceFactory.class, () -> own)
			.withPropertyValues("llm-proxy.server.io-uring=false")
			.run((context) -> assertThat(context.getBean(ReactorResourceFactory.class)).isSameAs(own));
	}

	@Test
	void withoutNettysTransportNothingIsDone() {
		this.runner.withClassLoader(new FilteredClassLoader("io.netty.channel.uring"))
			.withPropertyValues("llm-proxy.server.io-uring=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EventLoopAutoConfiguration.class));
	}

	@Test
	void theLoopsAreSharedAndEnd() {
		EpollLoops loops = new EpollLoops();
		EventLoopGroup group = loops.onServer(true);
		assertThat(loops.onServerSelect(true)).isSameAs(group);
		assertThat(loops.onChannelClass(ServerSocketChannel.class, group)).isEqualTo(EpollServerSocketChannel.class);
		assertThat(group.next().submit(Schedulers::isInNonBlockingThread).syncUninterruptibly().getNow()).isTrue();
		assertThat(loops.isDisposed()).isFalse();
		loops.dispose();
		loops.disposeLater().block();
		assertThat(loops.isDisposed()).isTrue();
		assertThat(group.isTerminated()).isTrue();
	}

}
