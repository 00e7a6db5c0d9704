package dev.llmproxy.dialect;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ChatResponseAssembler;
import dev.llmproxy.dialect.framing.SseFrames;

/** What the tests of codecs do with recorded streams. */
public final class Transcripts {

	private Transcripts() {
	}

	/** A file beside the test class. */
	public static byte[] resource(Class<?> test, String name) {
		try (InputStream stream = test.getResourceAsStream(name)) {
			if (stream == null) {
				throw new IllegalArgumentException("No resource '" + name + "' beside " + test.getName());
			}
			return stream.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The events of a whole stream, {@link StreamDecoder#end} included. */
	public static List<ChatEvent> decode(StreamDecoder decoder, byte[] stream) {
		return decode(decoder, stream, stream.length);
	}

	/** The events of a stream that arrives in pieces of that length. */
	public static List<ChatEvent> decode(StreamDecoder decoder, byte[] stream, int pieceLength) {
		List<ChatEvent> events = new ArrayList<>();
		for (int at = 0; at < stream.length; at += pieceLength) {
			decoder.feed(stream, at, Math.min(pieceLength, stream.length - at), events::add);
		}
		decoder.end(events::add);
		return events;
	}

	/** All frames of the events, those of {@link StreamEncoder#end} included. */
	public static byte[] encode(StreamEncoder encoder, List<ChatEvent> events) {
		List<byte[]> frames = new ArrayList<>();
		events.forEach((event) -> frames.add(encoder.encode(event)));
		frames.add(encoder.end());
		ByteBuffer joined = ByteBuffer.allocate(frames.stream().mapToInt((frame) -> frame.length).sum());
		frames.forEach(joined::put);
		return joined.array();
	}

	public static ChatResponse assemble(List<ChatEvent> events) {
		ChatResponseAssembler assembler = new ChatResponseAssembler();
		events.forEach(assembler::accept);
		return assembler.assemble();
	}

	/** The frames of a complete stream. */
	static List<ByteBuffer> frames(Framing framing, byte[] stream) {
		List<ByteBuffer> frames = new ArrayList<>();
		ByteBuffer bytes = ByteBuffer.wrap(stream);
		for (int from = 0; from < stream.length;) {
			int end = (framing == Framing.AWS_EVENT_STREAM) ? from + bytes.getInt(from)
					: SseFrames.nextFrameEnd(bytes, from, stream.length, true);
			if (end < 0) {
				break;
			}
			frames.add(ByteBuffer.wrap(stream, from, end - from));
			from = end;
		}
		return frames;
	}

}
