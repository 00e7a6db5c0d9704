package dev.llmproxy.web;

import java.util.Arrays;

import dev.llmproxy.gateway.Admission;
import dev.llmproxy.gateway.Holding;
import io.netty.buffer.ByteBuf;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * A body that arrives in pieces, each copied and given back at once: the pieces
 * themselves can weigh a hundred times their bytes, if a caller makes them small.
 */
final class CollectedBody {

	private static final byte[] EMPTY = new byte[0];

	private final int announced;

	private final Admission admission;

	private final Holding holding;

	private byte[] bytes = EMPTY;

	private int size;

	/**
	 * Creates one.
	 * @param announced how long it shall be, in bytes; -1 where that is not known
	 */
	CollectedBody(long announced, Admission admission, Holding holding) {
		this.admission = admission;
		this.holding = holding;
		this.announced = (int) Math.max(0, Math.min(announced, Integer.MAX_VALUE));
	}

	/**
	 * Takes a piece, and releases it in any case.
	 * @return whether the body is within the limit
	 * @throws dev.llmproxy.gateway.LlmException if there is no memory for it
	 */
	boolean add(DataBuffer piece, int limit) {
		try {
			int length = piece.readableByteCount();
			if (length > limit - this.size) {
				this.bytes = EMPTY;
				return false;
			}
			reserve(this.size + length);
			piece.read(this.bytes, this.size, length);
			this.size += length;
			return true;
		}
		finally {
			DataBufferUtils.release(piece);
		}
	}

	/**
	 * Takes a piece, which stays the caller's to release.
	 * @return whether the body is within the limit
	 * @throws dev.llmproxy.gateway.LlmException if there is no memory for it
	 */
	boolean add(ByteBuf piece, int limit) {
		int length = piece.readableBytes();
		if (length > limit - this.size) {
			this.bytes = EMPTY;
			return false;
		}
		reserve(this.size + length);
		piece.getBytes(piece.readerIndex(), this.bytes, this.size, length);
		this.size += length;
		return true;
	}

	private void reserve(int needed) {
		if (needed <= this.bytes.length) {
			return;
		}
		long doubled = Math.max(needed, Math.min(this.bytes.length * 2L, Integer.MAX_VALUE - 8L));
		long first = Math.min(this.announced, Admission.MOST_ON_TRUST);
		long wanted = Math.max(first, doubled);
		if (needed <= this.announced) {
			wanted = Math.min(wanted, this.announced);
		}
		this.admission.body(this.holding, wanted);
		this.bytes = Arrays.copyOf(this.bytes, (int) wanted);
	}

	/** Bytes held in memory at present. */
	int reserved() {
		return this.bytes.length;
	}

	byte[] bytes() {
		if (this.size == this.bytes.length) {
			return this.bytes;
		}
		byte[] whole = Arrays.copyOf(this.bytes, this.size);
		this.admission.body(this.holding, whole.length);
		return whole;
	}

}
