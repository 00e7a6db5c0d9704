package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Wherever a stream is cut into chunks, the same events and frames come out. */
class SseSplitTests {

	private static final int MAX_EVENT_BYTES = 64 * 1024;

	@Test
	void theFixturesAreWhatTheyClaimToBe() {
		assertThat(events("openai-chat.sse")).hasSize(22)
			.allSatisfy((event) -> assertThat(event.event()).isNull())
			.last()
			.satisfies((event) -> assertThat(event.isDone()).isTrue());
		assertThat(events("openai-responses.sse")).hasSize(16)
			.allSatisfy((event) -> assertThat(event.text()).contains("\"type\":\"" + event.event() + "\""))
			.last()
			.satisfies((event) -> assertThat(event.event()).isEqualTo("response.completed"));
		assertThat(events("anthropic-messages.sse")).hasSize(23)
			.allSatisfy((event) -> assertThat(event.text()).contains("\"type\":\"" + event.event() + "\""))
			.last()
			.satisfies((event) -> assertThat(event.event()).isEqualTo("message_stop"));
		assertThat(events("gemini.sse")).hasSize(5)
			.last()
			.satisfies((event) -> assertThat(event.text()).contains("Δλ⁻⁴", "\"finishReason\":\"STOP\""));
		assertThat(SseTranscripts.provider("gemini.sse")).containsSequence('}', '\r', '\n', '\r', '\n');
	}

	@ParameterizedTest
	@MethodSource("dev.llmproxy.dialect.framing.SseTranscripts#all")
	void everySplitGivesTheSameEvents(byte[] stream) {
		ReferenceSseReader expected = new ReferenceSseReader(stream, MAX_EVENT_BYTES);
		for (int split = 0; split <= stream.length; split++) {
			SseDecoder decoder = new SseDecoder(MAX_EVENT_BYTES);
			List<SseEvent> events = new ArrayList<>();
			decoder.feed(stream, 0, split, events::add);
			decoder.feed(stream, split, stream.length - split, events::add);
			assertMatches(decoder, events, expected, split);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.llmproxy.dialect.framing.SseTranscripts#all")
	void singleBytesGiveTheSameEvents(byte[] stream) {
		SseDecoder decoder = new SseDecoder(MAX_EVENT_BYTES);
		List<SseEvent> events = new ArrayList<>();
		for (int at = 0; at < stream.length; at++) {
			decoder.feed(stream, at, 1, events::add);
			decoder.feed(stream, at, 0, events::add);
		}
		assertMatches(decoder, events, new ReferenceSseReader(stream, MAX_EVENT_BYTES), 1);
	}

	@ParameterizedTest
	@MethodSource("dev.llmproxy.dialect.framing.SseTranscripts#all")
	void randomChunksInDirectBuffersGiveTheSameEvents(byte[] stream) {
		ReferenceSseReader expected = new ReferenceSseReader(stream, MAX_EVENT_BYTES);
		ByteBuffer direct = ByteBuffer.allocateDirect(stream.length).put(stream);
		Random random = new Random(stream.length);
		for (int round = 0; round < 200; round++) {
			SseDecoder decoder = new SseDecoder(MAX_EVENT_BYTES);
			List<SseEvent> events = new ArrayList<>();
			for (int at = 0; at < stream.length;) {
				int end = Math.min(stream.length, at + random.nextInt(1 << random.nextInt(11)));
				decoder.feed(direct.limit(end).position(at), events::add);
				at = end;
			}
			assertMatches(decoder, events, expected, round);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.llmproxy.dialect.framing.SseTranscripts#all")
	void everySplitGivesTheSameFrames(byte[] stream) {
		SseRelay whole = new SseRelay();
		whole.receive(stream, 0, stream.length);
		whole.end();
		for (int split = 0; split <= stream.length; split++) {
			SseRelay relay = new SseRelay();
			relay.receive(stream, 0, split);
			relay.receive(stream, split, stream.length - split);
			relay.end();
			assertThat(relay.frames()).as("split at %s", split).isEqualTo(whole.frames());
			assertThat(relay.tail()).isEqualTo(whole.tail());
		}
	}

	@ParameterizedTest
	@MethodSource("dev.llmproxy.dialect.framing.SseTranscripts#all")
	void singleBytesGiveTheSameFrames(byte[] stream) {
		SseRelay whole = new SseRelay();
		whole.receive(stream, 0, stream.length);
		whole.end();
		SseRelay relay = new SseRelay();
		for (int at = 0; at < stream.length; at++) {
			relay.receive(stream, at, 1);
		}
		relay.end();
		assertThat(relay.frames()).isEqualTo(whole.frames());
		assertThat(relay.tail()).isEqualTo(whole.tail());
	}

	@ParameterizedTest
	@MethodSource("dev.llmproxy.dialect.framing.SseTranscripts#all")
	void theFramesHoldTheEvents(byte[] stream) {
		SseRelay relay = new SseRelay();
		relay.receive(stream, 0, stream.length);
		relay.end();
		SseFramesAssert.assertFramesHoldTheEvents(stream, relay.frames());
	}

	@ParameterizedTest
	@MethodSource("dev.llmproxy.dialect.framing.SseTranscripts#providers")
	void anEventIsFramedAsSoonAsItIsDecoded(byte[] stream) {
		SseDecoder decoder = new SseDecoder(MAX_EVENT_BYTES);
		List<SseEvent> events = new ArrayList<>();
		SseRelay relay = new SseRelay();
		boolean crLf = new String(stream, StandardCharsets.ISO_8859_1).contains("\r\n");
		for (int at = 0; at < stream.length; at++) {
			decoder.feed(stream, at, 1, events::add);
			relay.receive(stream, at, 1);
			// With CRLF the frame waits for the LF, which the decoder need not see.
			boolean between = crLf && stream[at] == '\r';
			assertThat(relay.frames().size()).as("at %s", at)
				.isBetween(between ? events.size() - 1 : events.size(), events.size());
		}
	}

	private static void assertMatches(SseDecoder decoder, List<SseEvent> events, ReferenceSseReader expected,
			int detail) {
		assertThat(events).as("split %s", detail).isEqualTo(expected.events());
		assertThat(decoder.hasPartial()).as("partial, split %s", detail).isEqualTo(expected.hasPartial());
		assertThat(decoder.end()).isEqualTo(expected.hasPartial());
		assertThat(decoder.comments()).as("comments, split %s", detail).isEqualTo(expected.comments());
	}

	private static List<SseEvent> events(String name) {
		byte[] stream = SseTranscripts.provider(name);
		List<SseEvent> events = new ArrayList<>();
		SseDecoder decoder = new SseDecoder(MAX_EVENT_BYTES);
		decoder.feed(stream, 0, stream.length, events::add);
		assertThat(decoder.end()).isFalse();
		return events;
	}

}
