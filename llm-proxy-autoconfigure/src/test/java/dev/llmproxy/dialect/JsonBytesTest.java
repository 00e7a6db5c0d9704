package dev.llmproxy.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class JsonBytesTest {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { ":{}|1|1", "` \t:\r\n {}`|6|6", ":7|1|-1",
			":\"{\"|1|-1", ",{}|-1|-1", "::{}|1|-1", ":|-1|-1", "``|-1|-1" })
	void findsWhatFollowsAName(String text, int value, int object) {
		ByteBuffer bytes = bytes(text.replace("\\t", "\t").replace("\\r", "\r").replace("\\n", "\n"));
		assertThat(JsonBytes.value(bytes, 0, bytes.limit())).isEqualTo(value);
		assertThat(JsonBytes.object(bytes, 0, bytes.limit())).isEqualTo(object);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void readsOneValueWhereverTheBytesAre(boolean direct) {
		ByteBuffer bytes = bytes("xx{\"a\":1},\"b\":2}");
		if (direct) {
			bytes = ByteBuffer.allocateDirect(bytes.limit()).put(bytes).flip();
		}
		else {
			bytes = bytes(" xx{\"a\":1},\"b\":2}").position(1).slice();
		}
		assertThat(JsonBytes.read(bytes, 2, bytes.limit())).hasToString("{\"a\":1}");
		assertThat(bytes.position()).isZero();
	}

	@Test
	void whatIsNoJsonIsNothing() {
		assertThat(JsonBytes.read(bytes("{\"a\":"), 0, 5)).isNull();
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

}
