package dev.llmproxy.cache.redis;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

import dev.llmproxy.cache.KeptAnswer;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Framing;
import org.jspecify.annotations.Nullable;

/**
 * Answers as bytes: a mark, the version of this format, a checksum of all the rest, what
 * is to be known of the answer, and its pieces, compressed where that is worth it.
 * Anything else that is found under a key is refused. Thread-safe.
 */
final class AnswerFormat {

	private static final int MARK = 0x4c505841;

	private static final int VERSION = 1;

	private static final int MOST_PIECES = 1 << 16;

	/** Of an answer's head, at the most, so that no more need be read to know it. */
	static final int LONGEST_HEAD = 4096;

	private final int compressAbove;

	private final int maxAnswer;

	AnswerFormat(int compressAbove, int maxAnswer) {
		this.compressAbove = compressAbove;
		this.maxAnswer = maxAnswer;
	}

	/** The most bytes that an answer may have here; what is longer is no answer. */
	int longest() {
		return this.maxAnswer + LONGEST_HEAD + this.maxAnswer / 64;
	}

	byte[] write(KeptAnswer answer) {
		byte[] all = answer.bytes();
		boolean compressed = all.length > this.compressAbove;
		ByteArrayOutputStream rest = new ByteArrayOutputStream(all.length / 2 + 256);
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(all.length / 2 + 256);
		try (DataOutputStream out = new DataOutputStream(rest); DataOutputStream whole = new DataOutputStream(bytes)) {
			out.writeUTF(answer.tenant());
			out.writeUTF(answer.model());
			out.writeUTF(answer.dialect().toString());
			out.writeUTF((answer.framing() != null) ? answer.framing().name() : "");
			out.writeUTF(answer.mediaType());
			out.writeUTF((answer.dropped() != null) ? answer.dropped() : "");
			out.writeLong(answer.born().toEpochMilli());
			out.writeLong(answer.ttl().toMillis());
			out.writeLong(answer.stale().toMillis());
			out.writeInt(answer.pieces().size());
			for (byte[] piece : answer.pieces()) {
				out.writeInt(piece.length);
			}
			out.writeBoolean(compressed);
			out.write(compressed ? deflate(all) : all);
			whole.writeInt(MARK);
			whole.writeByte(VERSION);
			byte[] written = rest.toByteArray();
			whole.writeInt(checksum(written));
			whole.write(written);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return bytes.toByteArray();
	}

	/**
	 * Reads an answer.
	 * @return {@code null} if it is none
	 */
	@Nullable KeptAnswer read(byte[] bytes) {
		try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
			if (in.readInt() != MARK || in.readByte() != VERSION) {
				return null;
			}
			int checksum = in.readInt();
			byte[] rest = in.readAllBytes();
			return (checksum(rest) == checksum) ? answer(rest) : null;
		}
		catch (IOException | DataFormatException | IllegalArgumentException ex) {
			return null;
		}
	}

	private KeptAnswer answer(byte[] rest) throws IOException, DataFormatException {
		try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(rest))) {
			String tenant = in.readUTF();
			String model = in.readUTF();
			Dialect dialect = new Dialect(in.readUTF());
			String framing = in.readUTF();
			String mediaType = in.readUTF();
			String dropped = in.readUTF();
			Instant born = Instant.ofEpochMilli(in.readLong());
			Duration ttl = Duration.ofMillis(in.readLong());
			Duration stale = Duration.ofMillis(in.readLong());
			int[] lengths = lengths(in);
			byte[] all = in.readBoolean() ? inflate(in.readAllBytes(), sum(lengths)) : in.readAllBytes();
			return new KeptAnswer(tenant, model, dialect, framing.isEmpty() ? null : Framing.valueOf(framing),
					mediaType, dropped.isEmpty() ? null : dropped, pieces(all, lengths), born, ttl, stale);
		}
	}

	private int[] lengths(DataInputStream in) throws IOException {
		int number = in.readInt();
		if (number < 1 || number > MOST_PIECES) {
			throw new IllegalArgumentException("pieces");
		}
		int[] lengths = new int[number];
		long all = 0;
		for (int i = 0; i < number; i++) {
			lengths[i] = in.readInt();
			all += lengths[i];
			if (lengths[i] < 0 || all > this.maxAnswer) {
				throw new IllegalArgumentException("length");
			}
		}
		return lengths;
	}

	private static int sum(int[] lengths) {
		int sum = 0;
		for (int length : lengths) {
			sum += length;
		}
		return sum;
	}

	private static List<byte[]> pieces(byte[] all, int[] lengths) {
		if (all.length != sum(lengths)) {
			throw new IllegalArgumentException("length");
		}
		List<byte[]> pieces = new ArrayList<>();
		int position = 0;
		for (int length : lengths) {
			byte[] piece = new byte[length];
			System.arraycopy(all, position, piece, 0, length);
			pieces.add(piece);
			position += length;
		}
		return pieces;
	}

	/**
	 * Whose answer to what the beginning of some bytes says they are.
	 * @return tenant and model; {@code null} if they are no answer
	 */
	static @Nullable List<String> owner(byte[] beginning) {
		try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(beginning))) {
			if (in.readInt() != MARK || in.readByte() != VERSION) {
				return null;
			}
			in.readInt();
			return List.of(in.readUTF(), in.readUTF());
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static int checksum(byte[] bytes) {
		CRC32C crc = new CRC32C();
		crc.update(bytes);
		return (int) crc.getValue();
	}

	private static byte[] deflate(byte[] bytes) {
		Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
		try {
			deflater.setInput(bytes);
			deflater.finish();
			ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
			byte[] buffer = new byte[8192];
			while (!deflater.finished()) {
				out.write(buffer, 0, deflater.deflate(buffer));
			}
			return out.toByteArray();
		}
		finally {
			deflater.end();
		}
	}

	/** Never makes more of it than it is said to be. */
	private static byte[] inflate(byte[] bytes, int length) throws DataFormatException {
		Inflater inflater = new Inflater(true);
		try {
			inflater.setInput(bytes);
			byte[] out = new byte[length];
			int position = 0;
			while (position < length) {
				int more = inflater.inflate(out, position, length - position);
				if (more == 0) {
					throw new DataFormatException();
				}
				position += more;
			}
			return out;
		}
		finally {
			inflater.end();
		}
	}

}
