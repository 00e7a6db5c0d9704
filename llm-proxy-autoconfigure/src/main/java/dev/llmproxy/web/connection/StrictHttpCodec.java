package dev.llmproxy.web.connection;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;

import dev.llmproxy.gateway.HeadRoom;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Netty's codec for servers, with eyes for what its decoder forgives.
 */
final class StrictHttpCodec extends CombinedChannelDuplexHandler<StrictHttpCodec.Decoder, StrictHttpCodec.Encoder> {

	/** Whole reads are passed on as one. */
	private static final int MAX_PIECE = 64 * 1024;

	private final Decoder decoder;

	StrictHttpCodec(ConnectionLimits limits) {
		Queue<Boolean> bodiless = new ArrayDeque<>(4);
		HttpDecoderConfig config = new HttpDecoderConfig().setMaxInitialLineLength(limits.maxRequestLine())
			.setMaxHeaderSize(limits.maxHeaderSize())
			.setMaxChunkSize(MAX_PIECE);
		this.decoder = new Decoder(config, bodiless);
		init(this.decoder, new Encoder(bodiless));
	}

	/** Whether some but not all of a request's head has come. */
	boolean inHead() {
		return this.decoder.phase == Phase.HEAD;
	}

	private enum Phase {

		/** Between requests. */
		START, HEAD, BODY, CHUNKS,

		/** After something malformed: nothing can be read any more. */
		BROKEN

	}

	/** Reads requests. */
	static final class Decoder extends HttpRequestDecoder {

		/** Of line ends before a request line (RFC 9112, section 2.2). */
		private static final int MOST_STRAY_BYTES = 2;

		private final Queue<Boolean> bodiless;

		private final HeadCheck head = new HeadCheck();

		private final ChunkCheck chunks = new ChunkCheck();

		private Phase phase = Phase.START;

		private int stray;

		Decoder(HttpDecoderConfig config, Queue<Boolean> bodiless) {
			super(config);
			this.bodiless = bodiless;
		}

		@Override
		protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
			try {
				if (!check(buffer)) {
					return;
				}
			}
			catch (MalformedRequestException ex) {
				fail(ex, out);
				buffer.skipBytes(buffer.readableBytes());
				return;
			}
			int known = out.size();
			int start = buffer.readerIndex();
			super.decode(ctx, buffer, out);
			int content = 0;
			for (int i = known; i < out.size(); i++) {
				content += follow(out.get(i));
			}
			if (this.phase == Phase.CHUNKS) {
				this.chunks.after(buffer.readerIndex() - start, content);
			}
		}

		/** Checks what comes next; tells whether there is anything to decode. */
		private boolean check(ByteBuf buffer) {
			switch (this.phase) {
				case START -> {
					skipStrayLine(buffer);
					if (!buffer.isReadable()) {
						return false;
					}
					this.phase = Phase.HEAD;
					this.head.begin();
					this.head.check(buffer);
				}
				case HEAD -> this.head.check(buffer);
				case CHUNKS -> this.chunks.before(buffer);
				case BODY -> {
				}
				case BROKEN -> {
					buffer.skipBytes(buffer.readableBytes());
					return false;
				}
			}
			return true;
		}

		private void skipStrayLine(ByteBuf buffer) {
			while (buffer.isReadable()) {
				byte b = buffer.getByte(buffer.readerIndex());
				if (b != HttpConstants.CR && b != HttpConstants.LF) {
					this.stray = 0;
					return;
				}
				if (++this.stray > MOST_STRAY_BYTES) {
					throw new MalformedRequestException(Refusal.REQUEST_LINE);
				}
				buffer.skipBytes(1);
			}
		}

		private void fail(MalformedRequestException cause, List<Object> out) {
			boolean inBody = this.phase == Phase.CHUNKS;
			this.phase = Phase.BROKEN;
			if (inBody) {
				LastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
				end.setDecoderResult(DecoderResult.failure(cause));
				out.add(end);
			}
			else {
				HttpMessage message = createInvalidMessage();
				message.setDecoderResult(DecoderResult.failure(cause));
				this.bodiless.add(false);
				out.add(message);
			}
		}

		/** Notes what was decoded; tells how many bytes of content it is. */
		private int follow(Object decoded) {
			if (decoded instanceof HttpRequest request) {
				this.bodiless.add(HttpMethod.HEAD.equals(request.method()));
				if (request.decoderResult().isFailure()) {
					this.phase = Phase.BROKEN;
				}
				else if (HttpUtil.isTransferEncodingChunked(request)) {
					this.phase = Phase.CHUNKS;
					this.chunks.begin();
				}
				else {
					this.phase = Phase.BODY;
				}
				return 0;
			}
			HttpContent content = (HttpContent) decoded;
			if (content.decoderResult().isFailure()) {
				this.phase = Phase.BROKEN;
			}
			else if (content instanceof LastHttpContent) {
				this.phase = Phase.START;
			}
			return content.content().readableBytes();
		}

	}

	/**
	 * Writes responses; those to {@code HEAD} without their body. What is short leaves in
	 * one piece.
	 */
	static final class Encoder extends HttpResponseEncoder {

		private static final int HEX_DIGITS = 8;

		private static final int CRLF = (HttpConstants.CR << Byte.SIZE) | HttpConstants.LF;

		private final Queue<Boolean> bodiless;

		/** Whether the body of the response that is being written is chunked. */
		private boolean chunked;

		Encoder(Queue<Boolean> bodiless) {
			this.bodiless = bodiless;
		}

		@Override
		protected void encodeInitialLine(ByteBuf buffer, HttpResponse response) throws Exception {
			HeadRoom.make(buffer, response);
			super.encodeInitialLine(buffer, response);
		}

		@Override
		protected boolean isContentAlwaysEmpty(HttpResponse response) {
			if (response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
				return super.isContentAlwaysEmpty(response);
			}
			boolean head = Objects.requireNonNullElse(this.bodiless.poll(), false);
			boolean empty = head || super.isContentAlwaysEmpty(response);
			this.chunked = !empty && HttpUtil.isTransferEncodingChunked(response);
			return empty;
		}

		@Override
		protected void encode(ChannelHandlerContext ctx, Object message, List<Object> out) throws Exception {
			if (this.chunked && message instanceof DefaultHttpContent chunk && !(message instanceof LastHttpContent)
					&& HeadRoom.isShort(chunk.content())) {
				try {
					out.add(chunk(ctx, chunk.content()));
				}
				finally {
					chunk.release();
				}
			}
			else {
				super.encode(ctx, message, out);
			}
		}

		/**
		 * As RFC 9112, section 7.1, has it. Netty writes three buffers, which costs more
		 * than to copy an event.
		 */
		private static ByteBuf chunk(ChannelHandlerContext ctx, ByteBuf content) {
			int length = content.readableBytes();
			ByteBuf chunk = ctx.alloc().ioBuffer(length + HEX_DIGITS + 2 * Short.BYTES);
			ByteBufUtil.writeAscii(chunk, Integer.toHexString(length));
			ByteBufUtil.writeShortBE(chunk, CRLF);
			chunk.writeBytes(content, content.readerIndex(), length);
			return ByteBufUtil.writeShortBE(chunk, CRLF);
		}

	}

}
