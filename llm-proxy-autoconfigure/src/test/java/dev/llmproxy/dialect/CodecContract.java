package dev.llmproxy.dialect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * What holds for every codec, whatever its dialect. A codec's test extends it, gives the
 * codec and transcripts of its dialect, and says what the dialect cannot express.
 * <p>
 * Laws about callers need {@link #inbound()} and hold trivially without it.
 */
public abstract class CodecContract {

	private static final int SEEDS = 300;

	/** The half under test that faces providers. */
	protected abstract UpstreamCodec upstream();

	/** The half that faces callers; by default the same object, if it is one. */
	protected @Nullable InboundCodec inbound() {
		return (upstream() instanceof InboundCodec inbound) ? inbound : null;
	}

	/**
	 * Complete streamed answers by name, some that end in the provider's error among
	 * them.
	 */
	protected abstract Map<String, byte[]> streams();

	/** Whole answers by name. */
	protected Map<String, byte[]> responses() {
		return Map.of();
	}

	/** Requests of callers by name. */
	protected Map<String, byte[]> requests() {
		return Map.of();
	}

	/** Whether requests can be encoded at all. */
	protected boolean encodesRequests() {
		return true;
	}

	/** How many choices the dialect's answers can have. */
	protected int choices() {
		return 1;
	}

	/** The part of an answer that survives being said in this dialect. */
	protected ChatResponse sayable(ChatResponse response) {
		return response;
	}

	/** The part of a request of this dialect's callers that survives being passed on. */
	protected ChatRequest sayable(ChatRequest request) {
		return request;
	}

	/**
	 * The envelope of a body; for dialects that have the model elsewhere a made-up one.
	 */
	protected Envelope envelope(byte[] body) {
		Envelope envelope = EnvelopeScanner.scan(body, JsonLimits.DEFAULT);
		return (envelope.model() != null) ? envelope : envelope.withModel("some-model");
	}

	@Test
	void streamsReadTheSameWhereverTheyAreCut() {
		streams().forEach((name, stream) -> {
			List<ChatEvent> expected = Transcripts.decode(upstream().streamDecoder(), stream);
			for (int cut = 1; cut < stream.length; cut++) {
				StreamDecoder decoder = upstream().streamDecoder();
				List<ChatEvent> events = new ArrayList<>();
				decoder.feed(stream, 0, cut, events::add);
				decoder.feed(stream, cut, stream.length - cut, events::add);
				decoder.end(events::add);
				assertThat(events).as("%s cut at %s", name, cut).isEqualTo(expected);
			}
			assertThat(Transcripts.decode(upstream().streamDecoder(), stream, 1)).as("%s byte by byte", name)
				.isEqualTo(expected);
		});
	}

	@Test
	void streamsKeepTheOrderOfEvents() {
		streams().forEach((name,
				stream) -> assertThatCode(
						() -> EventGrammar.check(Transcripts.decode(upstream().streamDecoder(), stream)))
					.as(name)
					.doesNotThrowAnyException());
	}

	@Test
	void streamsThatEndTooEarlyAreErrors() {
		streams().forEach((name, stream) -> {
			for (int length = 0; length < stream.length; length++) {
				byte[] start = Arrays.copyOf(stream, length);
				List<ChatEvent> events;
				try {
					events = Transcripts.decode(upstream().streamDecoder(), start);
				}
				catch (DecodingException ex) {
					continue;
				}
				assertThat(EventGrammar.complete(events)).as("%s cut off at %s is complete", name, length).isTrue();
			}
		});
	}

	@Test
	void inspectorsSeeWhatDecodersSee() {
		streams().forEach((name, stream) -> {
			StreamInspector inspector = upstream().streamInspector();
			StreamDecoder decoder = upstream().streamDecoder();
			List<ChatEvent> events = new ArrayList<>();
			boolean semantic = false;
			boolean error = false;
			for (ByteBuffer frame : Transcripts.frames(upstream().streamFraming(), stream)) {
				StreamInspector.Kind kind = inspector.inspect(frame.duplicate());
				semantic |= kind == StreamInspector.Kind.SEMANTIC;
				error |= kind == StreamInspector.Kind.ERROR;
				decoder.feed(frame.array(), frame.arrayOffset() + frame.position(), frame.remaining(), events::add);
				if (events.stream().anyMatch((event) -> event.semantic() && !(event instanceof ChatEvent.Failed))) {
					assertThat(semantic).as("%s: meaning was noticed in time", name).isTrue();
				}
			}
			decoder.end(events::add);
			ChatEvent last = events.get(events.size() - 1);
			if (last instanceof ChatEvent.Failed failed) {
				assertThat(error).as("%s: error was noticed", name).isTrue();
				assertThat(inspector.error()).as(name).isEqualTo(failed.error());
				return;
			}
			assertThat(inspector.complete()).as("%s: end was noticed", name).isTrue();
			assertThat(counts(inspector.usage())).as("%s: usage", name)
				.isEqualTo((last instanceof ChatEvent.UsageReported reported) ? counts(reported.usage()) : null);
			assertThat(inspector.finish()).as("%s: why it ended", name).isIn(seenAs(finish(events)));
		});
	}

	@Test
	void glancesSeeTheUsageThatDecodersSee() {
		responses().forEach((name, body) -> assertThat(counts(upstream().inspect(body).usage())).as(name)
			.isEqualTo(counts(upstream().decodeResponse(body).usage())));
	}

	@Test
	void glancesSeeWhyAnswersEnded() {
		responses().forEach((name, body) -> {
			List<ChatResponse.Choice> choices = upstream().decodeResponse(body).choices();
			assertThat(upstream().inspect(body).finish()).as(name)
				.isIn(seenAs(choices.get(choices.size() - 1).finishReason()));
		});
	}

	private static FinishReason finish(List<ChatEvent> events) {
		return events.stream()
			.filter(ChatEvent.Finished.class::isInstance)
			.map((event) -> ((ChatEvent.Finished) event).reason())
			.reduce((first, last) -> last)
			.orElseThrow();
	}

	/** Some only stop, and who does not read the content can't tell what for. */
	protected List<FinishReason> seenAs(FinishReason reason) {
		return switch (reason) {
			case TOOL_CALLS, REFUSAL -> List.of(reason, FinishReason.STOP);
			default -> List.of(reason);
		};
	}

	/**
	 * Without the tier, which matters to who pays and not to who asks: most decoders tell
	 * it of the answer.
	 */
	private static @Nullable Usage counts(@Nullable Usage usage) {
		return (usage == null) ? null
				: new Usage(usage.inputTokens(), usage.outputTokens(), usage.cacheReadTokens(),
						usage.cacheWriteTokens(), usage.cacheWriteHourTokens(), usage.reasoningTokens(),
						usage.audioInputTokens(), usage.audioOutputTokens(), null, usage.estimated());
	}

	@Test
	void requestsOfAnyShapeAreEncodedTheSameTwice() {
		if (!encodesRequests()) {
			return;
		}
		forSeeds((chats) -> {
			ChatRequest request = chats.request();
			EncodedRequest encoded = upstream().encodeRequest(request);
			assertThatCode(() -> EnvelopeScanner.scan(encoded.body(), JsonLimits.DEFAULT))
				.as("%s", text(encoded.body()))
				.doesNotThrowAnyException();
			assertThat(encoded.dropped()).doesNotHaveDuplicates().noneMatch((path) -> path.startsWith("$"));
			assertThat(encoded.dropped())
				.containsAll(request.rest().keySet().stream().filter((path) -> !path.startsWith("$")).toList());
			EncodedRequest again = upstream().encodeRequest(request);
			assertThat(text(again.body())).isEqualTo(text(encoded.body()));
			assertThat(again.dropped()).isEqualTo(encoded.dropped());
		});
	}

	@Test
	void encodedRequestsReadBackTheSame() {
		InboundCodec inbound = inbound();
		if (inbound == null || !encodesRequests()) {
			return;
		}
		forSeeds((chats) -> {
			ChatRequest request = chats.request();
			byte[] once = upstream().encodeRequest(request).body();
			Envelope envelope = envelope(once).withModel(request.model()).withStream(request.stream());
			byte[] twice = upstream().encodeRequest(inbound.decodeRequest(once, envelope)).body();
			assertThat(text(twice)).isEqualTo(text(once));
		});
	}

	@Test
	void requestsSurviveTheCanonicalModel() {
		InboundCodec inbound = inbound();
		if (inbound == null || !encodesRequests()) {
			return;
		}
		requests().forEach((name, body) -> {
			ChatRequest request = inbound.decodeRequest(body, envelope(body));
			byte[] encoded = upstream().encodeRequest(request).body();
			Envelope envelope = envelope(encoded).withModel(request.model()).withStream(request.stream());
			ChatRequest again = inbound.decodeRequest(encoded, envelope);
			assertThat(sayable(again)).as(name).isEqualTo(sayable(request));
		});
	}

	@Test
	void encodedAnswersReadBackTheSame() {
		InboundCodec inbound = inbound();
		if (inbound == null) {
			return;
		}
		forSeeds((chats) -> {
			ChatResponse response = chats.response(choices());
			byte[] body = inbound.encodeResponse(response);
			assertThat(text(inbound.encodeResponse(response))).isEqualTo(text(body));
			assertThat(sayable(upstream().decodeResponse(body))).as(text(body)).isEqualTo(sayable(response));
		});
	}

	@Test
	void answersSurviveTheCanonicalModel() {
		InboundCodec inbound = inbound();
		if (inbound == null) {
			return;
		}
		responses().forEach((name, body) -> {
			ChatResponse response = upstream().decodeResponse(body);
			ChatResponse again = upstream().decodeResponse(inbound.encodeResponse(response));
			assertThat(sayable(again)).as(name).isEqualTo(sayable(response));
		});
	}

	@Test
	void encodedStreamsReadBackTheSame() {
		InboundCodec inbound = inbound();
		if (inbound == null) {
			return;
		}
		ChatRequest request = ChatRequest.builder("some-model").stream(true).includeUsage(true).build();
		forSeeds((chats) -> {
			List<ChatEvent> events = chats.events(chats.response(choices()));
			byte[] stream = Transcripts.encode(inbound.streamEncoder(request), events);
			assertThat(text(Transcripts.encode(inbound.streamEncoder(request), events))).isEqualTo(text(stream));
			List<ChatEvent> decoded = Transcripts.decode(upstream().streamDecoder(), stream);
			EventGrammar.check(decoded);
			assertThat(sayable(Transcripts.assemble(decoded))).as(text(stream))
				.isEqualTo(sayable(Transcripts.assemble(events)));
		});
	}

	@Test
	void streamsSurviveTheCanonicalModel() {
		InboundCodec inbound = inbound();
		if (inbound == null) {
			return;
		}
		ChatRequest request = ChatRequest.builder("some-model").stream(true).includeUsage(true).build();
		streams().forEach((name, stream) -> {
			List<ChatEvent> events = Transcripts.decode(upstream().streamDecoder(), stream);
			byte[] encoded = Transcripts.encode(inbound.streamEncoder(request), events);
			List<ChatEvent> again = Transcripts.decode(upstream().streamDecoder(), encoded);
			assertThat(sayable(Transcripts.assemble(again))).as(name).isEqualTo(sayable(Transcripts.assemble(events)));
		});
	}

	@Test
	void nothingLooksLikeAProperEndAfterAFailure() {
		InboundCodec inbound = inbound();
		if (inbound == null) {
			return;
		}
		ChatRequest request = ChatRequest.builder("some-model").stream(true).build();
		StreamEncoder encoder = inbound.streamEncoder(request);
		byte[] stream = Transcripts.encode(encoder,
				List.of(new ChatEvent.Started("answer-1", "some-model", 1), new ChatEvent.TextDelta(0, "Hel"),
						new ChatEvent.Failed(new LlmError(ErrorKind.OVERLOADED, "Too much to do."))));
		assertThat(encoder.end()).isEmpty();
		List<ChatEvent> events = Transcripts.decode(upstream().streamDecoder(), stream);
		assertThat(events.get(events.size() - 1)).isInstanceOfSatisfying(ChatEvent.Failed.class,
				(failed) -> assertThat(failed.error().message()).isEqualTo("Too much to do."));
	}

	@Test
	void errorsOfEveryKindCanBeTold() {
		InboundCodec inbound = inbound();
		if (inbound == null) {
			return;
		}
		for (ErrorKind kind : ErrorKind.values()) {
			LlmError error = new LlmError(kind, "What \"and\" what to do.", "some_code", "messages[0]");
			for (String requestId : new String[] { null, "req-1" }) {
				byte[] body = inbound.encodeError(error, requestId);
				assertThatCode(() -> JsonMapper.shared().readTree(body)).doesNotThrowAnyException();
				assertThat(upstream().decodeError(kind.status(), body).message()).as("%s", kind)
					.isEqualTo(error.message());
				byte[] frame = inbound.encodeStreamError(error, requestId);
				assertThat(Transcripts.decode(upstream().streamDecoder(), frame)).as("%s", kind)
					.singleElement()
					.isInstanceOf(ChatEvent.Failed.class);
			}
		}
	}

	@Test
	void errorsOfAnyShapeAreRead() {
		List<String> bodies = List.of("", "null", "[]", "{}", "\"\"", "7", "<html>Bad gateway</html>",
				"{\"error\":null}", "{\"error\":\"text\"}", "{\"error\":{\"message\":7,\"code\":{}}}",
				"{\"error\":{\"message\":\"" + "x".repeat(5000) + "\"}}", "[{\"error\":{\"message\":\"m\"}}]",
				"{\"message\":\"m\",\"type\":\"t\"}", "{\"detail\":[{\"msg\":\"m\"}]}");
		forSeeds((chats) -> {
			for (int status : new int[] { 400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 529, 599 }) {
				check(upstream().decodeError(status, chats.bytes(40)));
			}
		});
		for (String body : bodies) {
			check(upstream().decodeError(500, body.getBytes(StandardCharsets.UTF_8)));
		}
	}

	private static void check(LlmError error) {
		assertThat(error.message()).isNotBlank().hasSizeLessThanOrEqualTo(2000);
	}

	private static void forSeeds(Consumer<RandomChats> law) {
		for (int seed = 0; seed < SEEDS; seed++) {
			try {
				law.accept(new RandomChats(seed));
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError("With seed " + seed + ": " + ex.getMessage(), ex);
			}
		}
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
