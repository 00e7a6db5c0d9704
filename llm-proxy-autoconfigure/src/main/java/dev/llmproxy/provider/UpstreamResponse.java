package dev.llmproxy.provider;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import reactor.core.publisher.Flux;

/**
 * A provider's response whose body is still on its way.
 *
 * @param content to be subscribed to exactly once, or cancelled; each buffer is released
 * when {@code onNext} returns
 * @param eventLoop the thread that {@code content} arrives on
 */
record UpstreamResponse(int status, HttpHeaders headers, Flux<ByteBuf> content, EventLoop eventLoop) {

	String contentType() {
		String type = this.headers.get("content-type");
		return (type != null) ? type : "";
	}

}
