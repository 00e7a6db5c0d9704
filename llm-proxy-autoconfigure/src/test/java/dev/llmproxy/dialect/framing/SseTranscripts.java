package dev.llmproxy.dialect.framing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;

/** Streams to read: what providers send, with every kind of line end, and oddities. */
final class SseTranscripts {

	/** Providers' answers as they are stored. */
	static final List<String> PROVIDERS = List.of("openai-chat.sse", "openai-responses.sse", "anthropic-messages.sse",
			"gemini.sse");

	private SseTranscripts() {
	}

	/** Returns a stored answer. */
	static byte[] provider(String name) {
		try (InputStream stream = SseTranscripts.class.getResourceAsStream(name)) {
			if (stream == null) {
				throw new IllegalArgumentException(name);
			}
			return stream.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Returns every provider's answer with each kind of line end. */
	static Stream<Named<byte[]>> providers() {
		return PROVIDERS.stream().flatMap((name) -> {
			byte[] answer = provider(name);
			return Stream.of(Named.of(name + " LF", withLineEnds(answer, "\n")),
					Named.of(name + " CRLF", withLineEnds(answer, "\r\n")),
					Named.of(name + " CR", withLineEnds(answer, "\r")));
		});
	}

	/** Returns streams that exercise the corners of the format. */
	static Stream<Named<byte[]>> oddities() {
		return Stream
			.of("\uFEFFdata: with a byte order mark\n\n", "\uFEFF\n\n\uFEFFdata: not a mark here\n\ndata: x\n\n",
					": comment\n\n:\n\ndata: a\n: within\ndata: b\n\n", "data: mixed\r\ndata: ends\rdata: here\n\r\n",
					"data: a\r\r\ndata: b\r\n\rdata: c\n\r\r\n\ndata: d\r\n\n",
					"data: 1\n\n\n\n\r\r\r\n\r\ndata: 2\n\n",
					"id: 7\nevent: é\ndata: 日本\ndata: 👩‍🚀\n\nid\ndata\n\nretry: 1000\n\n",
					"foo: bar\ndatum: x\ndat: y\ndata\ndata:\ndata: \ndata:  two\n\n", "data: unfinished\n",
					"data: a\n\nevent: cut", "data: a\r\r", "data: a\r\n\r\n: ping\r\n", "\r\n", "\uFEFF", "")
			.map((text) -> Named.of("'" + text.replace("\r", "\\r").replace("\n", "\\n") + "'",
					text.getBytes(StandardCharsets.UTF_8)));
	}

	/** Returns all of the above. */
	static Stream<Named<byte[]>> all() {
		return Stream.concat(providers(), oddities());
	}

	static byte[] withLineEnds(byte[] stream, String lineEnd) {
		byte[] end = lineEnd.getBytes(StandardCharsets.US_ASCII);
		ByteArrayOutputStream changed = new ByteArrayOutputStream();
		for (byte b : stream) {
			if (b == '\n') {
				changed.writeBytes(end);
			}
			else if (b != '\r') {
				changed.write(b);
			}
		}
		return changed.toByteArray();
	}

}
