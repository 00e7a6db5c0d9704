package dev.llmproxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * Reads one message body according to its framing headers (RFC 9112 section 6). Like
 * {@link HttpReader} it can be asked again after a time-out.
 */
final class BodyReader {

	private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

	private static final Pattern CHUNK_SIZE = Pattern.compile("[0-9a-fA-F]{1,8}");

	private final HttpReader in;

	private final Framing framing;

	private long remaining;

	private ChunkPart chunkPart = ChunkPart.SIZE;

	private boolean ended;

	private Headers trailers = Headers.NONE;

	private final ByteArrayOutputStream collected = new ByteArrayOutputStream();

	private BodyReader(HttpReader in, Framing framing, long length) {
		this.in = in;
		this.framing = framing;
		this.remaining = length;
		this.ended = framing == Framing.NONE || (framing == Framing.LENGTH && length == 0);
	}

	static BodyReader none(HttpReader in) {
		return new BodyReader(in, Framing.NONE, 0);
	}

	/**
	 * The body of a message with these headers; {@code otherwise} if they say nothing.
	 */
	static BodyReader of(HttpReader in, Headers headers, Framing otherwise) {
		boolean coded = headers.contains("Transfer-Encoding");
		boolean sized = headers.contains("Content-Length");
		if (coded && sized) {
			throw new WireFormatException("Both Transfer-Encoding and Content-Length");
		}
		if (coded) {
			if (headers.all("Transfer-Encoding").size() != 1
					|| !"chunked".equalsIgnoreCase(headers.first("Transfer-Encoding"))) {
				throw new WireFormatException("Transfer-Encoding other than chunked: " + headers);
			}
			return new BodyReader(in, Framing.CHUNKED, 0);
		}
		if (sized) {
			String length = headers.all("Content-Length").get(0);
			if (headers.all("Content-Length").size() != 1 || !DIGITS.matcher(length).matches()) {
				throw new WireFormatException("Malformed Content-Length: " + headers.all("Content-Length"));
			}
			return new BodyReader(in, Framing.LENGTH, Long.parseLong(length));
		}
		return new BodyReader(in, otherwise, 0);
	}

	boolean ended() {
		return this.ended;
	}

	Headers trailers() {
		return this.trailers;
	}

	/** Some bytes of the body, or -1 at its proper end. */
	int read(byte[] target, int offset, int length) throws IOException {
		if (this.ended) {
			return -1;
		}
		this.in.compact();
		if (this.framing == Framing.CHUNKED && !nextChunk()) {
			return -1;
		}
		boolean bounded = this.framing != Framing.UNTIL_CLOSE;
		int count = this.in.read(target, offset, bounded ? (int) Math.min(length, this.remaining) : length);
		if (count < 0) {
			if (bounded) {
				throw WireFormatException
					.truncated((this.framing == Framing.CHUNKED ? "inside a chunk" : "inside the body") + ", "
							+ this.remaining + " bytes missing");
			}
			this.ended = true;
			return -1;
		}
		if (bounded) {
			this.remaining -= count;
			if (this.remaining == 0) {
				this.chunkPart = ChunkPart.DATA_END;
				this.ended = this.framing == Framing.LENGTH;
			}
		}
		return count;
	}

	/** Moves to the next byte of chunk data; {@code false} at the end of the body. */
	private boolean nextChunk() throws IOException {
		while (this.chunkPart != ChunkPart.DATA) {
			if (this.chunkPart == ChunkPart.TRAILERS) {
				this.trailers = this.in.headers();
				this.ended = true;
				return false;
			}
			String line = chunkLine();
			if (this.chunkPart == ChunkPart.DATA_END) {
				if (!line.isEmpty()) {
					throw new WireFormatException("Chunk data not followed by CRLF but by: " + line);
				}
				this.chunkPart = ChunkPart.SIZE;
			}
			else {
				if (!CHUNK_SIZE.matcher(line).matches()) {
					throw new WireFormatException("Malformed chunk size: " + line);
				}
				this.remaining = Long.parseLong(line, 16);
				this.chunkPart = (this.remaining > 0) ? ChunkPart.DATA : ChunkPart.TRAILERS;
			}
		}
		return true;
	}

	private String chunkLine() throws IOException {
		String line = this.in.line();
		if (line == null) {
			throw WireFormatException.truncated("inside a chunked body");
		}
		return line;
	}

	/** The whole body. */
	byte[] readAll() throws IOException {
		byte[] piece = new byte[8192];
		try {
			while (true) {
				int count = read(piece, 0, piece.length);
				if (count < 0) {
					return this.collected.toByteArray();
				}
				this.collected.write(piece, 0, count);
			}
		}
		catch (WireFormatException ex) {
			throw ex.withPartialBody(this.collected.toByteArray());
		}
	}

	/** How the end of a body is found. */
	enum Framing {

		NONE, LENGTH, CHUNKED, UNTIL_CLOSE

	}

	/** What comes next in a chunked body. */
	private enum ChunkPart {

		SIZE, DATA, DATA_END, TRAILERS

	}

}
