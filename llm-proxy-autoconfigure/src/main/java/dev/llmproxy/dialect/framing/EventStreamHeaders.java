package dev.llmproxy.dialect.framing;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Reads and writes the header block of an event stream message: for each header the
 * name's length, the name, the value's type, and the value, which a length precedes if it
 * is a string or bytes. Integers are big-endian.
 */
final class EventStreamHeaders {

	static final int MAX_BYTES = 128 * 1024;

	private static final int MAX_NAME_BYTES = 255;

	private static final int MAX_VALUE_BYTES = Short.MAX_VALUE;

	private static final byte TRUE = 0;

	private static final byte FALSE = 1;

	private static final byte BYTE = 2;

	private static final byte SHORT = 3;

	private static final byte INTEGER = 4;

	private static final byte LONG = 5;

	private static final byte BYTES = 6;

	private static final byte STRING = 7;

	private static final byte TIMESTAMP = 8;

	private static final byte UUID_VALUE = 9;

	private EventStreamHeaders() {
	}

	/** Returns the headers in the order in which they came. */
	static Map<String, Object> read(byte[] bytes, int offset, int length) {
		ByteBuffer block = ByteBuffer.wrap(bytes, offset, length);
		Map<String, Object> headers = new LinkedHashMap<>();
		try {
			while (block.hasRemaining()) {
				String name = string(block, block.get() & 0xFF);
				if (name.isEmpty()) {
					throw malformed("A header has no name");
				}
				if (headers.put(name, value(block)) != null) {
					throw malformed("A header occurs twice");
				}
			}
		}
		catch (BufferUnderflowException ex) {
			throw malformed("A header is cut off");
		}
		catch (CharacterCodingException ex) {
			throw malformed("A header is not valid UTF-8");
		}
		return Collections.unmodifiableMap(headers);
	}

	private static Object value(ByteBuffer block) throws CharacterCodingException {
		byte type = block.get();
		return switch (type) {
			case TRUE -> true;
			case FALSE -> false;
			case BYTE -> block.get();
			case SHORT -> block.getShort();
			case INTEGER -> block.getInt();
			case LONG -> block.getLong();
			case BYTES -> bytes(block, block.getShort() & 0xFFFF);
			case STRING -> string(block, block.getShort() & 0xFFFF);
			case TIMESTAMP -> Instant.ofEpochMilli(block.getLong());
			case UUID_VALUE -> new UUID(block.getLong(), block.getLong());
			default -> throw malformed("A header is of the unknown type " + (type & 0xFF));
		};
	}

	private static byte[] bytes(ByteBuffer block, int length) {
		if (length > block.remaining()) {
			throw new BufferUnderflowException();
		}
		byte[] bytes = new byte[length];
		block.get(bytes);
		return bytes;
	}

	private static String string(ByteBuffer block, int length) throws CharacterCodingException {
		if (length > block.remaining()) {
			throw new BufferUnderflowException();
		}
		ByteBuffer utf8 = block.slice(block.position(), length);
		block.position(block.position() + length);
		return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
	}

	private static FramingException malformed(String message) {
		return new FramingException(FramingException.Code.BAD_HEADER, message);
	}

	/**
	 * Returns the block of the given headers.
	 * @throws IllegalArgumentException if a name, a value or the block is too long, or a
	 * value is of a type that the format does not have
	 */
	static byte[] write(Map<String, Object> headers) {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		headers.forEach((name, value) -> {
			byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
			if (utf8.length == 0 || utf8.length > MAX_NAME_BYTES) {
				throw new IllegalArgumentException("A header's name must have 1 to 255 bytes, not " + utf8.length);
			}
			block.write(utf8.length);
			block.writeBytes(utf8);
			block.writeBytes(bytes(value).array());
		});
		if (block.size() > MAX_BYTES) {
			throw new IllegalArgumentException("Headers must have at most " + MAX_BYTES + " bytes");
		}
		return block.toByteArray();
	}

	private static ByteBuffer bytes(Object value) {
		if (value instanceof Boolean b) {
			return typed(b ? TRUE : FALSE, 0);
		}
		if (value instanceof Byte b) {
			return typed(BYTE, Byte.BYTES).put(b);
		}
		if (value instanceof Short s) {
			return typed(SHORT, Short.BYTES).putShort(s);
		}
		if (value instanceof Integer i) {
			return typed(INTEGER, Integer.BYTES).putInt(i);
		}
		if (value instanceof Long l) {
			return typed(LONG, Long.BYTES).putLong(l);
		}
		if (value instanceof byte[] bytes) {
			return sized(BYTES, bytes);
		}
		if (value instanceof String string) {
			return sized(STRING, string.getBytes(StandardCharsets.UTF_8));
		}
		if (value instanceof Instant instant) {
			return typed(TIMESTAMP, Long.BYTES).putLong(instant.toEpochMilli());
		}
		if (value instanceof UUID uuid) {
			return typed(UUID_VALUE, 2 * Long.BYTES).putLong(uuid.getMostSignificantBits())
				.putLong(uuid.getLeastSignificantBits());
		}
		throw new IllegalArgumentException("A header's value cannot be a " + value.getClass().getName());
	}

	private static ByteBuffer typed(byte type, int size) {
		return ByteBuffer.allocate(1 + size).put(type);
	}

	private static ByteBuffer sized(byte type, byte[] value) {
		if (value.length > MAX_VALUE_BYTES) {
			throw new IllegalArgumentException(
					"A header's value must have at most " + MAX_VALUE_BYTES + " bytes, not " + value.length);
		}
		return typed(type, Short.BYTES + value.length).putShort((short) value.length).put(value);
	}

}
