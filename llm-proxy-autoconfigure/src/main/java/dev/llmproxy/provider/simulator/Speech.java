package dev.llmproxy.provider.simulator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.ResponseBody;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;

/**
 * A quarter of a second of a concert pitch A, as a WAV file whatever was asked for, or as
 * bare samples where {@code pcm} was: 16 bits, mono, 24 kHz, as OpenAI's are.
 */
final class Speech {

	private static final int RATE = 24_000;

	private static final int HEADER = 44;

	private static final byte[] WAV = wav();

	private Speech() {
	}

	static ResponseBody answer(LlmRequest request) {
		JsonRequest fields = JsonRequest.of(request);
		fields.text("input");
		boolean bare = "pcm".equals(fields.text("response_format", "wav"));
		MediaType type = bare ? new MediaType("audio", "pcm") : new MediaType("audio", "wav");
		return binary(type, bare ? HEADER : 0);
	}

	private static ResponseBody binary(MediaType type, int from) {
		return new ResponseBody.Wire(Dialect.OPENAI, Framing.BINARY, type, Flux.defer(() -> Flux
			.just(DefaultDataBufferFactory.sharedInstance.wrap(ByteBuffer.wrap(WAV, from, WAV.length - from)))));
	}

	/** A RIFF file with one chunk of format and one of data. */
	private static byte[] wav() {
		int samples = RATE / 4;
		int bytes = samples * 2;
		ByteBuffer file = ByteBuffer.allocate(HEADER + bytes).order(ByteOrder.LITTLE_ENDIAN);
		file.put(ascii("RIFF")).putInt(HEADER - 8 + bytes).put(ascii("WAVE"));
		file.put(ascii("fmt ")).putInt(16);
		file.putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(RATE * 2).putShort((short) 2);
		file.putShort((short) 16);
		file.put(ascii("data")).putInt(bytes);
		for (int i = 0; i < samples; i++) {
			file.putShort((short) (Short.MAX_VALUE / 4.0 * Math.sin(2 * Math.PI * 440 * i / RATE)));
		}
		return file.array();
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
