package dev.llmproxy.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;

import dev.llmproxy.chat.ErrorKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.compression.ZlibWrapper;
import reactor.core.publisher.Flux;

/**
 * Decompresses what we did not ask to be compressed. Providers do send gzip unasked; what
 * we can't read, or what grows without measure, is refused.
 */
final class Decompression {

	private Decompression() {
	}

	static UpstreamResponse apply(UpstreamResponse response, UpstreamLimits limits) {
		String encoding = response.headers().get("content-encoding");
		if (encoding == null || encoding.equalsIgnoreCase("identity")) {
			return response;
		}
		ZlibWrapper wrapper = switch (encoding.trim().toLowerCase(Locale.ROOT)) {
			case "gzip", "x-gzip" -> ZlibWrapper.GZIP;
			case "deflate" -> ZlibWrapper.ZLIB_OR_NONE;
			default -> null;
		};
		Flux<ByteBuf> content = (wrapper != null) ? inflate(response.content(), wrapper, limits.maxResponse())
				: Unread.cancelled(response)
					.thenMany(Flux.error(UpstreamFailures.failure(ErrorKind.UPSTREAM,
							"The provider compressed its answer in a way that was not asked for.",
							"upstream_content_encoding")));
		return new UpstreamResponse(response.status(), response.headers(), content, response.eventLoop());
	}

	private static Flux<ByteBuf> inflate(Flux<ByteBuf> content, ZlibWrapper wrapper, int limit) {
		return Flux.using(() -> new Inflater(wrapper, limit),
				(inflater) -> content.concatMap((bytes) -> Flux.fromIterable(inflater.inflate(bytes)), 0),
				Inflater::close);
	}

	/** Netty's decoder outside of a pipeline, with a limit on what comes out of it. */
	private static final class Inflater {

		private final EmbeddedChannel channel;

		private final int limit;

		private long total;

		Inflater(ZlibWrapper wrapper, int limit) {
			this.channel = new EmbeddedChannel(ZlibCodecFactory.newZlibDecoder(wrapper, limit));
			this.limit = limit;
		}

		List<ByteBuf> inflate(ByteBuf bytes) {
			List<ByteBuf> inflated = new ArrayList<>();
			try {
				this.channel.writeInbound(bytes.retain());
			}
			catch (DecoderException ex) {
				throw (ex.getCause() instanceof DataFormatException) ? unreadable()
						: UpstreamFailures.tooLarge(this.limit);
			}
			for (ByteBuf next; (next = this.channel.readInbound()) != null;) {
				this.total += next.readableBytes();
				// On the heap, so that nobody needs to release what is dropped on the
				// way.
				inflated.add(Unpooled.copiedBuffer(next));
				next.release();
				if (this.total > this.limit) {
					throw UpstreamFailures.tooLarge(this.limit);
				}
			}
			return inflated;
		}

		void close() {
			this.channel.finishAndReleaseAll();
		}

		private static RuntimeException unreadable() {
			return UpstreamFailures.failure(ErrorKind.UPSTREAM, "The provider's compressed answer can't be read.",
					"upstream_content_encoding");
		}

	}

}
