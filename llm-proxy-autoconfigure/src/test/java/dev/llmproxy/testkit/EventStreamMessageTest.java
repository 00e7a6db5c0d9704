package dev.llmproxy.testkit;

import java.util.HexFormat;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EventStreamMessageTest {

	/** The published test vector: no headers, no payload. */
	@Test
	void encodesTheEmptyMessage() {
		assertThat(HexFormat.of().formatHex(EventStreamMessage.encode(Map.of(), new byte[0])))
			.isEqualTo("000000100000000005c248eb7d98c8ff");
	}

	/** A published test vector: {'foo':'bar'} as payload, one string header. */
	@Test
	void encodesAHeaderAndAPayload() {
		byte[] message = EventStreamMessage.encode(Map.of("content-type", "application/json"),
				"{'foo':'bar'}".getBytes());
		assertThat(HexFormat.of().formatHex(message)).isEqualTo("0000003d0000002007fd83960c636f6e74656e742d"
				+ "74797065070010" + HexFormat.of().formatHex("application/json".getBytes())
				+ HexFormat.of().formatHex("{'foo':'bar'}".getBytes()) + "8d9c08b1");
	}

}
