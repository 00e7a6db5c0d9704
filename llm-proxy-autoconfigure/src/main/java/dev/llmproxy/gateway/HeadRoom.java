package dev.llmproxy.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.HttpMessage;

/**
 * Has a short message leave in one piece. Netty's encoder appends the content to the head
 * if the head's buffer has room for it, and else writes two buffers, with a promise each,
 * in a gathering write; content on the heap is copied either way.
 */
public final class HeadRoom {

	/** What a head takes, unless it is long. */
	private static final int HEAD = 1024;

	/** Content that is worth it: what a thread's cache of buffers has. */
	private static final int MOST = 16 * 1024;

	private HeadRoom() {
	}

	/**
	 * Makes room.
	 * @param buffer for the message's head, still empty
	 */
	public static void make(ByteBuf buffer, HttpMessage message) {
		if (message instanceof FullHttpMessage whole) {
			if (isShort(whole.content())) {
				buffer.ensureWritable(HEAD + whole.content().readableBytes());
			}
		}
	}

	/** Whether it is worth to copy this content; there is some. */
	public static boolean isShort(ByteBuf content) {
		int length = content.readableBytes();
		return length > 0 && length <= MOST;
	}

}
