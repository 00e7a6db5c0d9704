package dev.llmproxy.provider;

import dev.llmproxy.gateway.HeadRoom;
import io.netty.buffer.ByteBuf;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponseDecoder;

/**
 * Netty's codec for clients that never pipeline, whose requests leave in one piece. What
 * a response to {@code HEAD} says of its length is not waited for (RFC 9112, section
 * 6.3).
 */
final class UpstreamCodec extends CombinedChannelDuplexHandler<HttpResponseDecoder, HttpRequestEncoder> {

	/** Whether the last request was for a head only. */
	private boolean headOnly;

	UpstreamCodec(HttpDecoderConfig config) {
		init(new Decoder(config), new Encoder());
	}

	private final class Decoder extends HttpResponseDecoder {

		Decoder(HttpDecoderConfig config) {
			super(config);
		}

		@Override
		protected boolean isContentAlwaysEmpty(HttpMessage response) {
			return UpstreamCodec.this.headOnly || super.isContentAlwaysEmpty(response);
		}

	}

	private final class Encoder extends HttpRequestEncoder {

		@Override
		protected void encodeInitialLine(ByteBuf buffer, HttpRequest request) throws Exception {
			UpstreamCodec.this.headOnly = HttpMethod.HEAD.equals(request.method());
			HeadRoom.make(buffer, request);
			super.encodeInitialLine(buffer, request);
		}

	}

}
