package dev.llmproxy.cache;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.gateway.ResponseBody;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

/**
 * How the pieces of a body are kept, and given again.
 *
 * @param <S> as they move
 * @param <T> as they are kept
 */
interface Form<S, T> {

	T take(S piece);

	S give(T kept);

	long size(T kept);

	ResponseBody body(Flux<S> content);

	/** Bytes on the heap, which any number of buffers may share. */
	record OfBytes(ResponseBody.Wire wire) implements Form<DataBuffer, byte[]> {

		@Override
		public byte[] take(DataBuffer piece) {
			byte[] bytes = new byte[piece.readableByteCount()];
			piece.read(bytes);
			DataBufferUtils.release(piece);
			return bytes;
		}

		@Override
		public DataBuffer give(byte[] kept) {
			return DefaultDataBufferFactory.sharedInstance.wrap(kept);
		}

		@Override
		public long size(byte[] kept) {
			return kept.length;
		}

		@Override
		public ResponseBody body(Flux<DataBuffer> content) {
			return new ResponseBody.Wire(this.wire.dialect(), this.wire.framing(), this.wire.mediaType(), content);
		}

	}

	/** Events, which don't change. */
	record OfEvents() implements Form<ChatEvent, ChatEvent> {

		/** An event without its text. */
		private static final int BARE = 40;

		@Override
		public ChatEvent take(ChatEvent piece) {
			return piece;
		}

		@Override
		public ChatEvent give(ChatEvent kept) {
			return kept;
		}

		@Override
		public long size(ChatEvent kept) {
			return BARE + ((kept instanceof ChatEvent.TextDelta delta) ? 2L * delta.text().length()
					: (kept instanceof ChatEvent.ReasoningDelta delta) ? 2L * delta.text().length()
							: (kept instanceof ChatEvent.ToolCallDelta delta) ? 2L * delta.arguments().length() : 0);
		}

		@Override
		public ResponseBody body(Flux<ChatEvent> content) {
			return new ResponseBody.Events(content);
		}

	}

}
