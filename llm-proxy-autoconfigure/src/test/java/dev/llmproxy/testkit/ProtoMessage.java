package dev.llmproxy.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The fields of a Protocol Buffers message by their numbers, without a schema: enough to
 * read what a test knows the meaning of.
 */
final class ProtoMessage {

	private final Map<Integer, List<Object>> fields = new TreeMap<>();

	private ProtoMessage() {
	}

	static ProtoMessage of(byte[] bytes) {
		ProtoMessage message = new ProtoMessage();
		ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		while (buffer.hasRemaining()) {
			long tag = varint(buffer);
			Object value = switch ((int) (tag & 7)) {
				case 0 -> varint(buffer);
				case 1 -> buffer.getLong();
				case 2 -> bytes(buffer);
				case 5 -> (long) buffer.getInt();
				default -> throw new WireFormatException("No such wire type: " + (tag & 7));
			};
			message.fields.computeIfAbsent((int) (tag >>> 3), (number) -> new ArrayList<>()).add(value);
		}
		return message;
	}

	private static byte[] bytes(ByteBuffer buffer) {
		byte[] bytes = new byte[Math.toIntExact(varint(buffer))];
		buffer.get(bytes);
		return bytes;
	}

	private static long varint(ByteBuffer buffer) {
		long value = 0;
		for (int shift = 0; shift < 64; shift += 7) {
			byte next = buffer.get();
			value |= (long) (next & 0x7f) << shift;
			if (next >= 0) {
				return value;
			}
		}
		throw new WireFormatException("A number that does not end");
	}

	boolean has(int field) {
		return this.fields.containsKey(field);
	}

	/** All messages of a field. */
	List<ProtoMessage> messages(int field) {
		return this.fields.getOrDefault(field, List.of()).stream().map((value) -> of((byte[]) value)).toList();
	}

	/** The message of a field; an empty one if it is absent. */
	ProtoMessage message(int field) {
		return has(field) ? of(bytes(field)) : new ProtoMessage();
	}

	byte[] bytes(int field) {
		return has(field) ? (byte[]) last(field) : new byte[0];
	}

	String text(int field) {
		return new String(bytes(field), StandardCharsets.UTF_8);
	}

	long number(int field) {
		return has(field) ? (Long) last(field) : 0;
	}

	double decimal(int field) {
		return Double.longBitsToDouble(number(field));
	}

	/** Numbers of eight bytes each, packed or not. */
	List<Long> numbers(int field) {
		List<Long> numbers = new ArrayList<>();
		for (Object value : this.fields.getOrDefault(field, List.of())) {
			if (value instanceof byte[] packed) {
				ByteBuffer buffer = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
				while (buffer.hasRemaining()) {
					numbers.add(buffer.getLong());
				}
			}
			else {
				numbers.add((Long) value);
			}
		}
		return numbers;
	}

	private Object last(int field) {
		List<Object> values = this.fields.getOrDefault(field, List.of());
		return values.get(values.size() - 1);
	}

}
