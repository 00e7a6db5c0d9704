package dev.llmproxy.dialect.anthropic;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamEncoder;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.StreamInspector.Kind;
import dev.llmproxy.dialect.Transcripts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AnthropicStreamTest {

	private static final String ID = "msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyY";

	@Test
	void readsText() {
		assertThat(decode("stream-text.sse")).containsExactly(
				new ChatEvent.Started(ID, "claude-sonnet-4-5-20250929", 0), new ChatEvent.TextDelta(0, "Grüße, "),
				new ChatEvent.TextDelta(0, "世界 😀"), new ChatEvent.Finished(0, FinishReason.STOP, null),
				new ChatEvent.UsageReported(Usage.of(25, 15)));
	}

	@Test
	void readsCalls() {
		assertThat(decode("stream-tools.sse")).containsExactly(
				new ChatEvent.Started(ID, "claude-sonnet-4-5-20250929", 0), new ChatEvent.TextDelta(0, "Okay"),
				new ChatEvent.ToolCallStarted(0, 0, "toolu_01T1x1fJ34qAmk2tNTrN7Up6", "get_weather", null),
				new ChatEvent.ToolCallDelta(0, 0, "{\"location\":"), new ChatEvent.ToolCallDelta(0, 0, " \"Köln\"}"),
				new ChatEvent.ToolCallStarted(0, 1, "toolu_02", "now", null),
				new ChatEvent.ToolCallStarted(0, 2, "toolu_03", "whole", null),
				new ChatEvent.ToolCallDelta(0, 2, "{\"all\":true}"),
				new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null),
				new ChatEvent.UsageReported(new Usage(502, 89, 20, 10, 0, 0, 0, false)));
	}

	@Test
	void readsThoughts() {
		assertThat(decode("stream-thinking.sse")).containsExactly(new ChatEvent.Started(ID, "claude-opus-4-6", 0),
				new ChatEvent.ReasoningDelta(0, "I need to find "), new ChatEvent.ReasoningDelta(0, "the GCD."),
				new ChatEvent.ReasoningSigned(0,
						new Signature("anthropic", "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds")),
				new ChatEvent.ReasoningRedacted(0, new Signature("anthropic", "EmwKAhgBEgy3va3p")),
				new ChatEvent.ReasoningSigned(0, new Signature("anthropic", "EqUB")),
				new ChatEvent.TextDelta(0, "The answer is 21."), new ChatEvent.Finished(0, FinishReason.STOP, "END"),
				new ChatEvent.UsageReported(new Usage(25, 64, 0, 0, 40, 0, 0, false)));
	}

	@Test
	void leavesHostedToolsAndNewerEventsOut() {
		assertThat(decode("stream-hosted.sse")).containsExactly(new ChatEvent.Started(ID, "claude-opus-4-6", 0),
				new ChatEvent.TextDelta(0, "Sunny."), new ChatEvent.Finished(0, FinishReason.PAUSE, null),
				new ChatEvent.UsageReported(Usage.of(10_682, 510)));
	}

	@Test
	void readsAnErrorAndNothingAfterIt() {
		byte[] stream = Bodies.file("stream-error-late.sse");
		byte[] more = Bodies.file("stream-text.sse");
		List<ChatEvent> events = new ArrayList<>();
		AnthropicStreamDecoder decoder = new AnthropicStreamDecoder();
		decoder.feed(stream, 0, stream.length, events::add);
		decoder.feed(more, 0, more.length, events::add);
		decoder.end(events::add);

		assertThat(events).hasSize(3)
			.last()
			.isEqualTo(
					new ChatEvent.Failed(new LlmError(ErrorKind.OVERLOADED, "Overloaded", "overloaded_error", null)));
	}

	@Test
	void isCompleteWithAReasonEvenIfTheLastEventIsMissing() {
		String stream = Bodies.text(Bodies.file("stream-text.sse"));
		byte[] cut = stream.substring(0, stream.indexOf("event: message_stop")).getBytes();

		assertThat(Transcripts.decode(new AnthropicStreamDecoder(), cut)).isEqualTo(decode("stream-text.sse"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "event: ping\ndata: {'type':'ping'}\n\n", "data: {'type':'message_start'}\n\n",
			"data: {'type'\n\n", "data: []\n\n" })
	void refusesWhatIsNotAWholeMessage(String stream) {
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> Transcripts.decode(new AnthropicStreamDecoder(), Bodies.json(stream)));
	}

	@Test
	void refusesAnEndlessEvent() {
		AnthropicStreamDecoder decoder = new AnthropicStreamDecoder();
		byte[] piece = ("data: " + "x".repeat(1 << 20)).getBytes();

		assertThatExceptionOfType(DecodingException.class).isThrownBy(() -> {
			for (int i = 0; i < 20; i++) {
				decoder.feed(piece, 0, piece.length, (event) -> {
				});
			}
		});
	}

	@Test
	void keepsCountsThatALaterEventRepeatsAsZero() {
		byte[] stream = Bodies.json("data: {'type':'message_start','message':{'usage':{'input_tokens':9,"
				+ "'cache_read_input_tokens':null,'output_tokens':0}}}\n\n"
				+ "data: {'type':'message_delta','delta':{'stop_reason':'end_turn'},"
				+ "'usage':{'input_tokens':0,'output_tokens':3}}\n\n");

		assertThat(Transcripts.decode(new AnthropicStreamDecoder(), stream)).last()
			.isEqualTo(new ChatEvent.UsageReported(Usage.of(9, 3)));
	}

	@Test
	void writesBlocksOneAfterTheOther() {
		List<String> events = encode(new ChatEvent.Started("chatcmpl-1", "gpt", 1),
				new ChatEvent.ReasoningDelta(0, "Hm"),
				new ChatEvent.ReasoningSigned(0, new Signature("anthropic", "s")),
				new ChatEvent.ReasoningRedacted(0, new Signature("anthropic", "d")), new ChatEvent.TextDelta(0, "a"),
				new ChatEvent.TextDelta(0, ""), new ChatEvent.TextDelta(0, "b"), new ChatEvent.TextDelta(1, "other"),
				new ChatEvent.ToolCallStarted(0, 0, "c", "t", null), new ChatEvent.ToolCallDelta(0, 0, "{}"),
				new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null), new ChatEvent.UsageReported(Usage.of(7, 9)));

		assertThat(events).containsExactly(
				"message_start {'message':{'id':'chatcmpl-1','type':'message','role':'assistant','model':'gpt','content':[],'stop_reason':null,'stop_sequence':null,'usage':{'input_tokens':0,'cache_creation_input_tokens':0,'cache_read_input_tokens':0,'output_tokens':0}}}",
				"content_block_start {'index':0,'content_block':{'type':'thinking','thinking':'','signature':''}}",
				"content_block_delta {'index':0,'delta':{'type':'thinking_delta','thinking':'Hm'}}",
				"content_block_delta {'index':0,'delta':{'type':'signature_delta','signature':'s'}}",
				"content_block_stop {'index':0}",
				"content_block_start {'index':1,'content_block':{'type':'redacted_thinking','data':'d'}}",
				"content_block_stop {'index':1}",
				"content_block_start {'index':2,'content_block':{'type':'text','text':''}}",
				"content_block_delta {'index':2,'delta':{'type':'text_delta','text':'a'}}",
				"content_block_delta {'index':2,'delta':{'type':'text_delta','text':'b'}}",
				"content_block_stop {'index':2}",
				"content_block_start {'index':3,'content_block':{'type':'tool_use','id':'c','name':'t','input':{}}}",
				"content_block_delta {'index':3,'delta':{'type':'input_json_delta','partial_json':'{}'}}",
				"content_block_stop {'index':3}",
				"message_delta {'delta':{'stop_reason':'tool_use','stop_sequence':null},'usage':{'input_tokens':7,'cache_creation_input_tokens':0,'cache_read_input_tokens':0,'output_tokens':9}}",
				"message_stop {}");
	}

	@Test
	void writesACallAtOnceWhenTheOneBeforeIsWhole() {
		StreamEncoder encoder = encoder();
		encoder.encode(new ChatEvent.ToolCallStarted(0, 0, "a", "t", null));
		encoder.encode(new ChatEvent.ToolCallDelta(0, 0, "{\"x\":\"}\\\"\"}"));

		assertThat(Bodies.text(encoder.encode(new ChatEvent.ToolCallStarted(0, 1, "b", "t", null))))
			.contains("content_block_stop", "\"id\":\"b\"");
		assertThat(Bodies.text(encoder.encode(new ChatEvent.ToolCallDelta(0, 1, "{")))).contains("input_json_delta");
	}

	@Test
	void letsCallsWaitWhoseArgumentsInterleave() {
		StreamEncoder encoder = encoder();
		encoder.encode(new ChatEvent.ToolCallStarted(0, 0, "a", "t", null));
		encoder.encode(new ChatEvent.ToolCallDelta(0, 0, "{\"x\":"));

		assertThat(encoder.encode(new ChatEvent.ToolCallStarted(0, 1, "b", "t", new Signature("gemini", "s"))))
			.isEmpty();
		assertThat(encoder.encode(new ChatEvent.ToolCallDelta(0, 1, "{\"y\":2"))).isEmpty();
		String rest = Bodies.text(encoder.encode(new ChatEvent.ToolCallDelta(0, 0, "1}")));
		assertThat(rest).contains("1}", "signature_delta", "\"id\":\"b\"", "{\\\"y\\\":2");
		assertThat(Bodies.text(encoder.encode(new ChatEvent.ToolCallDelta(0, 1, "}")))).contains("\"}\"");
	}

	@Test
	void givesACallWithoutArgumentsEmptyOnes() {
		assertThat(encode(new ChatEvent.ToolCallStarted(0, 0, "a", "t", null),
				new ChatEvent.ToolCallStarted(0, 1, "b", "t", null), new ChatEvent.ToolCallDelta(0, 1, "{}"),
				new ChatEvent.ToolCallStarted(0, 2, "c", "t", null),
				new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null)))
			.filteredOn((event) -> event.contains("input_json_delta"))
			.containsExactly("content_block_delta {'index':0,'delta':{'type':'input_json_delta','partial_json':'{}'}}",
					"content_block_delta {'index':1,'delta':{'type':'input_json_delta','partial_json':'{}'}}",
					"content_block_delta {'index':2,'delta':{'type':'input_json_delta','partial_json':'{}'}}");
	}

	@Test
	void keepsTheProofOfACallThroughTheStream() {
		Signature proof = new Signature("gemini", "s");
		byte[] stream = Transcripts.encode(encoder(),
				List.of(new ChatEvent.Started("i", "m", 0), new ChatEvent.ReasoningSigned(0, proof),
						new ChatEvent.ToolCallStarted(0, 0, "a", "t", proof),
						new ChatEvent.Finished(0, FinishReason.TOOL_CALLS, null)));

		assertThat(Transcripts.decode(new AnthropicStreamDecoder(), stream)).startsWith(
				new ChatEvent.Started("i", "m", 0), new ChatEvent.ReasoningSigned(0, proof),
				new ChatEvent.ToolCallStarted(0, 0, "a", "t", proof));
	}

	@Test
	void startsEvenWithoutAStart() {
		String stream = Bodies.text(Transcripts.encode(encoder(), List.of(new ChatEvent.TextDelta(0, "x"))));

		assertThat(stream).startsWith("event: message_start\n").contains("\"model\":\"asked-for\"", "\"id\":\"msg_");
	}

	@Test
	void showsARefusal() {
		assertThat(encode(new ChatEvent.RefusalDelta(0, "No."), new ChatEvent.Finished(0, FinishReason.STOP, null)))
			.anyMatch((event) -> event.contains("'stop_reason':'refusal'"))
			.anyMatch((event) -> event.contains("'text_delta','text':'No.'"));
	}

	private static StreamEncoder encoder() {
		return Bodies.CODEC.streamEncoder(ChatRequest.builder("asked-for").build());
	}

	/** Each event's name and data without the type, with single quotes. */
	private static List<String> encode(ChatEvent... events) {
		String stream = Bodies.text(Transcripts.encode(encoder(), List.of(events)));
		List<String> shown = new ArrayList<>();
		for (String frame : stream.split("\n\n")) {
			String[] lines = frame.split("\n");
			String name = lines[0].substring("event: ".length());
			JsonNode data = Bodies.tree(lines[1].substring("data: ".length()));
			assertThat(data.path("type").stringValue()).isEqualTo(name);
			shown.add(name + " "
					+ data.toString()
						.replace("\"type\":\"" + name + "\",", "")
						.replace("\"type\":\"" + name + "\"", "")
						.replace('"', '\''));
		}
		return shown;
	}

	@Test
	void tellsLifeCycleFromMeaning() {
		StreamInspector inspector = Bodies.CODEC.streamInspector();

		assertThat(inspect(inspector, ": comment")).isEqualTo(Kind.LIFECYCLE);
		assertThat(inspect(inspector, "event: message_start\ndata: {'message':{'usage':{'input_tokens':4}}}"))
			.isEqualTo(Kind.LIFECYCLE);
		assertThat(inspect(inspector, "event: ping\ndata: {'type':'ping'}")).isEqualTo(Kind.LIFECYCLE);
		assertThat(inspect(inspector, "event: newer\ndata: {'type':'newer'}")).isEqualTo(Kind.LIFECYCLE);
		assertThat(inspect(inspector, "event: content_block_start\ndata: {'content_block':{'type':'text','text':''}}"))
			.isEqualTo(Kind.LIFECYCLE);
		assertThat(inspect(inspector, "event: content_block_delta\ndata: {'delta':{'type':'text_delta','text':''}}"))
			.isEqualTo(Kind.LIFECYCLE);
		assertThat(inspector.complete()).isFalse();
		assertThat(inspect(inspector, "event: content_block_delta\ndata: {'delta':{'type':'text_delta','text':'x'}}"))
			.isEqualTo(Kind.SEMANTIC);
		assertThat(inspect(inspector, "event: ping\ndata: {'type':'ping'}")).isEqualTo(Kind.SEMANTIC);
		assertThat(inspect(inspector,
				"event: message_delta\ndata: {'delta':{'stop_reason':'end_turn'},'usage':{'output_tokens':5}}"))
			.isEqualTo(Kind.SEMANTIC);
		assertThat(inspector.complete()).isTrue();
		assertThat(inspector.usage()).isEqualTo(Usage.of(4, 5));
	}

	@Test
	void fault58_theUsageOfTheFirstEventIsAnEstimateUntilTheLast() {
		StreamInspector inspector = Bodies.CODEC.streamInspector();
		inspect(inspector, "event: message_start\ndata: {'message':{'usage':{'input_tokens':4,'output_tokens':1}}}");
		inspect(inspector, "event: content_block_delta\ndata: {'delta':{'type':'text_delta','text':'x'}}");

		assertThat(inspector.usage()).isEqualTo(Usage.estimate(4, 1));
		inspect(inspector,
				"event: message_delta\ndata: {'delta':{'stop_reason':'end_turn'},'usage':{'output_tokens':5}}");
		assertThat(inspector.usage()).isEqualTo(Usage.of(4, 5));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'type':'tool_use','id':'a','name':'t','input':{}}",
			"{'type':'server_tool_use','id':'a','name':'web_search'}", "{'type':'redacted_thinking','data':'d'}",
			"{'type':'text','text':'x'}" })
	void blocksThatSaySomethingMean(String block) {
		assertThat(inspect(Bodies.CODEC.streamInspector(),
				"event: content_block_start\ndata: {'content_block':" + block + "}"))
			.isEqualTo(Kind.SEMANTIC);
	}

	@Test
	void noticesAnErrorWithoutAName() {
		StreamInspector inspector = Bodies.CODEC.streamInspector();
		inspect(inspector, "data: {'type':'content_block_delta','delta':{'type':'text_delta','text':'x'}}");

		assertThat(inspect(inspector, "data: {'type':'content_block_delta','delta':{'type':'text_delta','text':'y'}}"))
			.isEqualTo(Kind.SEMANTIC);
		assertThat(inspect(inspector, "data: {'type':'error','error':{'type':'rate_limit_error','message':'m'}}"))
			.isEqualTo(Kind.ERROR);
		assertThat(inspector.error().kind()).isEqualTo(ErrorKind.RATE_LIMIT);
		assertThat(inspector.complete()).isFalse();
	}

	private static Kind inspect(StreamInspector inspector, String frame) {
		return inspector.inspect(ByteBuffer.wrap(Bodies.json(frame + "\n\n")));
	}

	private static List<ChatEvent> decode(String file) {
		return Transcripts.decode(new AnthropicStreamDecoder(), Bodies.file(file));
	}

}
