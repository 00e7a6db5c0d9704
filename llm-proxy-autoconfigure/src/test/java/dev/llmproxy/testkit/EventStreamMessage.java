package dev.llmproxy.testkit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Encodes messages of the AWS event stream encoding, {@code
 * application/vnd.amazon.eventstream}: prelude (total length, headers length, CRC-32 of
 * both), headers, payload, CRC-32 of everything before it; all big-endian. Every header
 * value is a string (type 7), as in Bedrock's responses.
 */
public final class EventStreamMessage {

	private static final int PRELUDE = 12;

	private static final int CHECKSUM = 4;

	private static final byte STRING = 7;

	private EventStreamMessage() {
	}

	/**
	 * An event.
	 * @param type the value of {@code :event-type}
	 * @param json the payload
	 * @return the encoded message
	 */
	public static byte[] event(String type, String json) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(":event-type", type);
		headers.put(":content-type", "application/json");
		headers.put(":message-type", "event");
		return encode(headers, json.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * An exception that ends the stream.
	 * @param type the value of {@code :exception-type}
	 * @param json the payload
	 * @return the encoded message
	 */
	public static byte[] exception(String type, String json) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put(":exception-type", type);
		headers.put(":content-type", "application/json");
		headers.put(":message-type", "exception");
		return encode(headers, json.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Any message.
	 * @param headers names and values of its headers
	 * @param payload its payload, may be empty
	 * @return the encoded message
	 */
	public static byte[] encode(Map<String, String> headers, byte[] payload) {
		int headersLength = 0;
		for (Map.Entry<String, String> header : headers.entrySet()) {
			headersLength += 4 + utf8(header.getKey()).length + utf8(header.getValue()).length;
		}
		ByteBuffer message = ByteBuffer.allocate(PRELUDE + headersLength + payload.length + CHECKSUM);
		message.putInt(message.capacity()).putInt(headersLength);
		message.putInt(checksum(message));
		for (Map.Entry<String, String> header : headers.entrySet()) {
			byte[] name = utf8(header.getKey());
			byte[] value = utf8(header.getValue());
			message.put((byte) name.length).put(name).put(STRING).putShort((short) value.length).put(value);
		}
		message.put(payload);
		message.putInt(checksum(message));
		return message.array();
	}

	private static int checksum(ByteBuffer written) {
		CRC32 crc = new CRC32();
		crc.update(written.array(), 0, written.position());
		return (int) crc.getValue();
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
