package dev.llmproxy.dialect.gemini;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.dialect.framing.FramingException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GeminiArrayFramingTests {

	@Test
	void everyEventIsAnElementWhereverTheStreamIsCut() {
		byte[] stream = Json.resource("stream-error.sse");
		JsonNode expected = Json.tree("["
				+ new String(stream, StandardCharsets.UTF_8).strip().replace("data: ", "").replace("\n\n", ",") + "]");
		assertThat(expected.path(1).path("error").path("code").asInt()).isEqualTo(503);
		for (int cut = 0; cut <= stream.length; cut++) {
			GeminiArrayFraming framing = new GeminiArrayFraming(10_000);
			ByteArrayOutputStream array = new ByteArrayOutputStream();
			array.writeBytes(framing.feed(stream, 0, cut));
			array.writeBytes(framing.feed(stream, cut, stream.length - cut));
			array.writeBytes(framing.end());
			assertThat(Json.tree(array.toByteArray())).as("cut at %s", cut).isEqualTo(expected);
		}
	}

	@Test
	void writesAnElementAsSoonAsItIsWhole() {
		GeminiArrayFraming framing = new GeminiArrayFraming(100);
		assertThat(feed(framing, "data: {\"a\":1}\n")).isEmpty();
		assertThat(feed(framing, "\n")).isEqualTo("[{\"a\":1}");
		assertThat(feed(framing, ": ping\n\ndata: {\"b\":2}\n\ndata: {\"c\":")).isEqualTo("\n,\r\n{\"b\":2}");
		assertThat(new String(framing.end(), StandardCharsets.UTF_8)).isEqualTo("\n]");
	}

	@Test
	void anEmptyStreamIsAnEmptyArray() {
		GeminiArrayFraming framing = new GeminiArrayFraming(100);
		assertThat(feed(framing, "data: [DONE]\n\n")).isEmpty();
		assertThat(new String(framing.end(), StandardCharsets.UTF_8)).isEqualTo("[]");
	}

	@Test
	void refusesAnEventThatIsTooLarge() {
		GeminiArrayFraming framing = new GeminiArrayFraming(10);
		assertThatExceptionOfType(FramingException.class).isThrownBy(() -> feed(framing, "data: {\"a\":12345678}\n\n"));
	}

	private static String feed(GeminiArrayFraming framing, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		return new String(framing.feed(bytes, 0, bytes.length), StandardCharsets.UTF_8);
	}

}
