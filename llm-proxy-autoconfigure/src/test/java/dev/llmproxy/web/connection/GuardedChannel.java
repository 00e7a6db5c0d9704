package dev.llmproxy.web.connection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;

/** A guarded connection without a network, whose clock the test moves. */
final class GuardedChannel implements AutoCloseable {

	static final ConnectionLimits LIMITS = new ConnectionLimits(100, 200, 5, Duration.ofSeconds(4),
			Duration.ofSeconds(8), 1000, Duration.ofSeconds(20), Duration.ofSeconds(12));

	final EmbeddedChannel channel = new EmbeddedChannel();

	GuardedChannel() {
		this.channel.freezeTime();
		StrictHttpCodec codec = new StrictHttpCodec(LIMITS);
		this.channel.pipeline()
			.addLast(codec,
					new GuardHandler(LIMITS, codec,
							(path, id, status, error) -> new RefusalRenderer.Rendered("id",
									(error.code() + " " + path).getBytes(StandardCharsets.UTF_8)),
							Map.of("x-extra", "yes")));
	}

	/** Lets bytes come in, as one piece. */
	GuardedChannel receive(String text) {
		this.channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
		return this;
	}

	/** The targets of the requests that were passed on, and their bodies in brackets. */
	List<String> passedOn() {
		List<String> seen = new ArrayList<>();
		StringBuilder body = new StringBuilder();
		for (Object message = this.channel.readInbound(); message != null; message = this.channel.readInbound()) {
			if (message instanceof HttpRequest request) {
				seen.add(request.uri());
			}
			if (message instanceof HttpContent content && content.content().isReadable()) {
				seen.add("[" + content.content().toString(StandardCharsets.ISO_8859_1) + "]");
			}
			ReferenceCountUtil.release(message);
		}
		return seen;
	}

	/** Answers the first request that is open. */
	GuardedChannel answer(String body) {
		DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
				Unpooled.copiedBuffer(body, StandardCharsets.ISO_8859_1));
		response.headers().set("content-length", body.length());
		this.channel.writeOutbound(response);
		return this;
	}

	/** What was sent. */
	String sent() {
		StringBuilder text = new StringBuilder();
		for (ByteBuf bytes = this.channel.readOutbound(); bytes != null; bytes = this.channel.readOutbound()) {
			text.append(bytes.toString(StandardCharsets.ISO_8859_1));
			bytes.release();
		}
		return text.toString();
	}

	/** Lets time pass, in steps short enough for every look at the connection. */
	GuardedChannel pass(Duration time) {
		long step = LIMITS.tick().toMillis();
		for (long left = time.toMillis(); left > 0; left -= step) {
			this.channel.advanceTimeBy(Math.min(step, left), TimeUnit.MILLISECONDS);
			this.channel.runScheduledPendingTasks();
			this.channel.runPendingTasks();
		}
		return this;
	}

	@Override
	public void close() {
		this.channel.finishAndReleaseAll();
	}

}
