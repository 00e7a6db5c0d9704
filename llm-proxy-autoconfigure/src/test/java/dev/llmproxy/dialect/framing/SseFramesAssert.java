package dev.llmproxy.dialect.framing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares what the frame finder says of frames with what the decoder reads in them. */
final class SseFramesAssert {

	private SseFramesAssert() {
	}

	static void assertFramesHoldTheEvents(byte[] stream, List<String> frames) {
		SseDecoder decoder = new SseDecoder(1 << 20);
		List<SseEvent> all = new ArrayList<>();
		boolean first = true;
		for (String frame : frames) {
			byte[] bytes = frame.getBytes(StandardCharsets.ISO_8859_1);
			List<SseEvent> events = new ArrayList<>();
			decoder.feed(bytes, 0, bytes.length, events::add);
			assertThat(decoder.hasPartial()).as(frame).isFalse();
			assertRanges(bytes, first ? SseFrames.skipBom(ByteBuffer.wrap(bytes), 0, bytes.length) : 0, events);
			all.addAll(events);
			first = false;
		}
		assertThat(all).isEqualTo(new ReferenceSseReader(stream, 1 << 20).events());
	}

	private static void assertRanges(byte[] frame, int from, List<SseEvent> events) {
		long data = SseFrames.dataRange(frame, from, frame.length);
		if (data == SseFrames.NONE) {
			assertThat(events).isEmpty();
			return;
		}
		assertThat(events).hasSize(1);
		SseEvent event = events.get(0);
		if (data != SseFrames.SEVERAL) {
			assertThat(Arrays.copyOfRange(frame, SseFrames.start(data), SseFrames.end(data))).isEqualTo(event.data());
		}
		assertThat(SseFrames.isDone(frame, from, frame.length)).isEqualTo(event.isDone());
		long name = SseFrames.eventRange(frame, from, frame.length);
		assertThat((name == SseFrames.NONE) ? null : new String(frame, SseFrames.start(name),
				SseFrames.end(name) - SseFrames.start(name), StandardCharsets.UTF_8))
			.isEqualTo(event.event());
	}

}
