package dev.llmproxy.provider;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class ExchangeTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final LoopResources LOOPS = LoopResources.create("exchange-test", 1, true);

	private final NettyTransport transport = new NettyTransport("test", LOOPS, TransportSettings.DEFAULT);

	@AfterAll
	static void stop() {
		LOOPS.dispose();
	}

	/** As the loser of a hedge does, on the event loop of the winner. */
	@Test
	void anAnswerThatArrivesAsItsCallerLeavesElsewhereIsGivenBack() {
		List<UpstreamResponse> passed = new CopyOnWriteArrayList<>();
		List<UpstreamResponse> discarded = new CopyOnWriteArrayList<>();
		AtomicBoolean arrived = new AtomicBoolean();
		AtomicBoolean left = new AtomicBoolean();
		try (ScriptedUpstream upstream = ScriptedUpstream.start().answerWith(Script.json(200, "{}"))) {
			Disposable caller = this.transport.exchange(get(upstream.url().toString()), PATIENCE, (response) -> {
				arrived.set(true);
				while (!left.get()) {
					// BlockHound lets an event loop wait in no better way.
				}
				return Mono.just(response);
			}, (response) -> {
				discarded.add(response);
				response.content().subscribe();
			}).subscribe(passed::add);
			Awaitility.await().untilTrue(arrived);
			caller.dispose();
			left.set(true);
			Awaitility.await().until(() -> !discarded.isEmpty() || !passed.isEmpty());
		}
		assertThat(passed).isEmpty();
		assertThat(discarded).singleElement().extracting(UpstreamResponse::status).isEqualTo(200);
	}

	@Test
	void aReaderThatFailsFailsTheCallAndFreesTheConnection() {
		try (ScriptedUpstream upstream = ScriptedUpstream.start().answerWith(Script.json(200, "{}"))) {
			Mono<Object> exchange = this.transport.exchange(get(upstream.url().toString()), PATIENCE, (response) -> {
				throw new IllegalStateException("not today");
			}, (nothing) -> {
			});
			StepVerifier.create(exchange)
				.verifyErrorSatisfies((failure) -> assertThat(failure).hasMessage("not today"));
			assertThat(upstream.connections().get(0).awaitPeerClosed(PATIENCE)).isNotNull();
		}
	}

	@Test
	void whatArrivedIsGivenBackIfThereIsNoMemoryToJoinIt() {
		EmbeddedChannel channel = new EmbeddedChannel();
		OutboundRequest request = get("http://provider.test/");
		UpstreamConnection connection = new UpstreamConnection(this.transport.pool(),
				NettyTransport.Address.of(request.uri()), Long.MAX_VALUE);
		channel.pipeline().addLast(connection);
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		List<String> read = new CopyOnWriteArrayList<>();
		Exchange<String> exchange = new Exchange<>(this.transport, request, PATIENCE,
				(response) -> response.content()
					.doOnNext((bytes) -> read.add(bytes.toString(StandardCharsets.UTF_8)))
					.then(Mono.just("whole")),
				(whole) -> {
				});
		BaseSubscriber<String> caller = new BaseSubscriber<>() {

			@Override
			protected void hookOnError(Throwable failure) {
				failures.add(failure);
			}

		};
		connection.begin(new Exchange.Call<>(exchange, caller, this.transport.pool()));
		List<ByteBuf> parts = List.of(part("one"), part("two"));

		channel.pipeline().fireChannelRead(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
		parts.forEach((part) -> channel.pipeline().fireChannelRead(new DefaultHttpContent(part)));
		channel.pipeline().fireChannelReadComplete();

		assertThat(parts).extracting(ByteBuf::refCnt).containsOnly(0);
		assertThat(read).containsExactly("one");
		assertThat(failures).singleElement().isInstanceOf(NoMemory.Failure.class);
		assertThat(channel.isOpen()).isFalse();
		channel.finishAndReleaseAll();
	}

	private static ByteBuf part(String text) {
		return NoMemory.ALLOCATOR.heapBuffer().writeBytes(text.getBytes(StandardCharsets.UTF_8));
	}

	private static OutboundRequest get(String uri) {
		return new OutboundRequest("GET", URI.create(uri), new DefaultHttpHeaders(), new byte[0], null);
	}

	/** Of buffers on the heap there is enough. */
	private static final class NoMemory extends AbstractByteBufAllocator {

		static final NoMemory ALLOCATOR = new NoMemory();

		@Override
		protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
			return new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity);
		}

		@Override
		protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
			throw new Failure();
		}

		@Override
		public boolean isDirectBufferPooled() {
			return true;
		}

		static final class Failure extends IllegalStateException {

		}

	}

}
