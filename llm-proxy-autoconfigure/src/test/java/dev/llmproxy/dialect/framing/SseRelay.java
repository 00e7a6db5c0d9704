package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Uses the frame finder as a relay does: what is incomplete is held back, in a direct
 * buffer, in front of the next chunk. A LF that turns out to belong to a CR which was
 * already taken for a frame's end is put back there, so that frames can be compared.
 */
final class SseRelay {

	private final List<String> frames = new ArrayList<>();

	private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

	private int scanned;

	void receive(byte[] chunk, int offset, int length) {
		ByteBuffer joined = ByteBuffer.allocateDirect(this.buffer.capacity() + length);
		joined.put(this.buffer).put(chunk, offset, length).flip();
		this.buffer = joined;
		advance(false);
	}

	void end() {
		advance(true);
	}

	private void advance(boolean eof) {
		int from = 0;
		int to = this.buffer.capacity();
		int end = SseFrames.nextFrameEnd(this.buffer, 0, this.scanned, to, eof);
		while (end >= 0) {
			add(text(from, end));
			from = end;
			end = SseFrames.nextFrameEnd(this.buffer, from, to, eof);
		}
		this.buffer = this.buffer.slice(from, to - from);
		this.scanned = to - from;
	}

	private void add(String frame) {
		int last = this.frames.size() - 1;
		if (frame.equals("\n") && last >= 0 && this.frames.get(last).endsWith("\r")) {
			this.frames.set(last, this.frames.get(last) + frame);
		}
		else {
			this.frames.add(frame);
		}
	}

	/** Returns the complete frames; their bytes are Latin-1 characters. */
	List<String> frames() {
		return this.frames;
	}

	/** Returns what is held back. */
	String tail() {
		return text(0, this.buffer.capacity());
	}

	private String text(int from, int to) {
		byte[] bytes = new byte[to - from];
		this.buffer.get(from, bytes);
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

}
