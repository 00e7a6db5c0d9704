package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Writes messages of the AWS event stream, the counterpart of {@link EventStreamDecoder}.
 * It is used to answer callers in that framing and to play Amazon Bedrock in tests.
 */
public final class EventStreamEncoder {

	/** The most that the specification lets a payload have: 24 MiB. */
	static final int MAX_PAYLOAD_BYTES = 24 * 1024 * 1024;

	/** Two lengths and their checksum. */
	static final int PRELUDE_BYTES = 12;

	static final int CHECKSUM_BYTES = 4;

	private EventStreamEncoder() {
	}

	/**
	 * Returns a message as bytes.
	 * @throws IllegalArgumentException if the payload or the headers are larger than the
	 * specification allows, a name is empty or longer than 255 bytes, a value is longer
	 * than 32767 bytes, or of a type that the format does not have
	 */
	public static byte[] encode(EventStreamMessage content) {
		byte[] headers = EventStreamHeaders.write(content.headers());
		byte[] payload = content.payload();
		if (payload.length > MAX_PAYLOAD_BYTES) {
			throw new IllegalArgumentException("A payload must have at most " + MAX_PAYLOAD_BYTES + " bytes");
		}
		byte[] bytes = new byte[PRELUDE_BYTES + headers.length + payload.length + CHECKSUM_BYTES];
		ByteBuffer message = ByteBuffer.wrap(bytes);
		message.putInt(bytes.length).putInt(headers.length);
		message.putInt(checksum(bytes, message.position())).put(headers).put(payload);
		message.putInt(checksum(bytes, message.position()));
		return bytes;
	}

	private static int checksum(byte[] bytes, int length) {
		CRC32 crc = new CRC32();
		crc.update(bytes, 0, length);
		return (int) crc.getValue();
	}

}
