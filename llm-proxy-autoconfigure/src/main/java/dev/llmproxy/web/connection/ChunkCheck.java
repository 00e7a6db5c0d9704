package dev.llmproxy.web.connection;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpConstants;
import io.netty.util.internal.StringUtil;

/**
 * Looks at the lines of a chunked body (RFC 9112, section 7.1) before Netty does, which
 * ignores what stands behind a size and a space.
 */
final class ChunkCheck {

	/** More digits than any accepted size has. */
	private static final int MOST_DIGITS = 8;

	private final HeadCheck trailers = new HeadCheck();

	private Part part = Part.SIZE;

	/** What is left of the current chunk, in bytes. */
	private long left;

	/** The size line that was checked but not consumed yet, with its end; 0 for none. */
	private int line;

	void begin() {
		this.part = Part.SIZE;
		this.left = 0;
		this.line = 0;
	}

	/**
	 * Checks what comes next.
	 * @param buffer the bytes that Netty will see; left as it is
	 * @throws MalformedRequestException if a line is malformed
	 */
	void before(ByteBuf buffer) {
		this.line = 0;
		if (this.part == Part.SIZE) {
			int start = buffer.readerIndex();
			int feed = buffer.indexOf(start, buffer.writerIndex(), HttpConstants.LF);
			if (feed >= 0) {
				this.left = size(buffer, start, feed);
				this.line = feed + 1 - start;
			}
		}
		else if (this.part == Part.TRAILERS) {
			this.trailers.check(buffer);
		}
	}

	/**
	 * Follows what Netty made of it.
	 * @param consumed how many bytes it took
	 * @param content how many of these are content
	 */
	void after(int consumed, int content) {
		int rest = consumed - content;
		if (this.part == Part.SIZE && this.line > 0) {
			rest -= this.line;
			this.part = (this.left == 0) ? Part.TRAILERS : Part.DATA;
			if (this.part == Part.TRAILERS) {
				this.trailers.beginTrailers();
			}
		}
		if (this.part == Part.DATA) {
			this.left -= content;
			this.part = (this.left == 0) ? Part.END_OF_DATA : Part.DATA;
		}
		if (this.part == Part.END_OF_DATA && rest > 0) {
			this.part = Part.SIZE;
		}
	}

	private static long size(ByteBuf buffer, int start, int feed) {
		long size = 0;
		int i = start;
		for (; i < feed; i++) {
			// The overload for bytes does not expect negative ones.
			int digit = StringUtil.decodeHexNibble((char) buffer.getUnsignedByte(i));
			if (digit < 0) {
				break;
			}
			size = (size << 4) | digit;
			if (i - start >= MOST_DIGITS) {
				throw new MalformedRequestException(Refusal.CHUNK);
			}
		}
		byte next = buffer.getByte(i);
		boolean ends = next == HttpConstants.CR && i == feed - 1;
		if (i == start || (!ends && next != ';')) {
			throw new MalformedRequestException(Refusal.CHUNK);
		}
		return size;
	}

	/** Where in the body the next byte belongs. */
	private enum Part {

		SIZE, DATA, END_OF_DATA, TRAILERS

	}

}
