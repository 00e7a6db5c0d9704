package dev.llmproxy.dialect.responses;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.StreamInspector;
import dev.llmproxy.dialect.StreamInspector.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StreamInspectionTests {

	private final StreamInspector inspector = Samples.CODEC.streamInspector();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			{'type':'response.created','response':{'output':[]}}                                  | LIFECYCLE
			{'type':'response.queued','response':{}}                                              | LIFECYCLE
			{'type':'response.in_progress','response':{}}                                         | LIFECYCLE
			{'type':'response.output_item.added','item':{'type':'message'}}                       | LIFECYCLE
			{'type':'response.output_item.added','item':{'summary':[],'type':'reasoning'}}        | LIFECYCLE
			{'type':'response.output_item.added','item':{'type':'function_call','name':'f'}}      | SEMANTIC
			{'type':'response.output_item.added','item':{'type':'web_search_call'}}               | SEMANTIC
			{'type':'response.content_part.added','part':{'type':'output_text','text':''}}        | LIFECYCLE
			{'type':'response.reasoning_summary_part.added','part':{}}                            | LIFECYCLE
			{'type':'response.output_text.delta','delta':'x'}                                     | SEMANTIC
			{'type':'response.output_text.delta','delta':''}                                      | LIFECYCLE
			{ 'type' : 'response.output_text.delta', 'delta':'x'}                                 | SEMANTIC
			{'delta':'x','type':'response.output_text.delta'}                                     | SEMANTIC
			{'delta':{'type':'x'},'list':[{'type':'y'}],'type':'response.created'}                | LIFECYCLE
			{'type':'response.reasoning_summary_text.delta','delta':'x'}                          | SEMANTIC
			{'type':'response.function_call_arguments.delta','delta':'{'}                         | SEMANTIC
			{'type':'response.output_item.done','item':{'type':'reasoning'}}                      | SEMANTIC
			{'type':'response.web_search_call.searching'}                                         | SEMANTIC
			{'type':'response.completed','response':{}}                                           | SEMANTIC
			{'type':'response.incomplete','response':{}}                                          | SEMANTIC
			{'type':'response.failed','response':{'error':{}}}                                    | ERROR
			{'type':'error','message':'m'}                                                        | ERROR
			{'type':'keepalive','sequence_number':3}                                              | LIFECYCLE
			{'kind':'response.created'}                                                           | LIFECYCLE
			[DONE]                                                                                | LIFECYCLE
			""")
	void theFirstFrameThatSaysSomethingIsNoticed(String data, Kind expected) {
		assertThat(inspect("event: x\ndata: " + data.replace('\'', '"') + "\n\n")).isEqualTo(expected);
	}

	@Test
	void commentsAreLifecycle() {
		assertThat(inspect(": ping\n\n")).isEqualTo(Kind.LIFECYCLE);
		assertThat(inspect("\n")).isEqualTo(Kind.LIFECYCLE);
	}

	@Test
	void onceItHasBegunItemsAreMeaningful() {
		inspect("data: {\"type\":\"response.output_text.delta\",\"delta\":\"x\"}\n\n");
		assertThat(inspect("data: {\"type\":\"response.output_item.added\",\"item\":{\"type\":\"message\"}}\n\n"))
			.isEqualTo(Kind.SEMANTIC);
		assertThat(inspect("data: {\"type\":\"response.output_text.delta\",\"delta\":\"\"}\n\n"))
			.isEqualTo(Kind.SEMANTIC);
	}

	@Test
	void eventsOfSeveralLinesAreRead() {
		assertThat(inspect("data: {\"type\":\ndata: \"response.completed\",\ndata: \"response\":{\"usage\":"
				+ "{\"input_tokens\":1,\"output_tokens\":2}}}\n\n"))
			.isEqualTo(Kind.SEMANTIC);
		assertThat(this.inspector.complete()).isTrue();
		assertThat(this.inspector.usage()).isEqualTo(Usage.of(1, 2));
	}

	@Test
	void directBuffersAreReadWhereTheyAreAndLeftAsTheyWere() {
		byte[] frame = "data: {\"type\":\"response.completed\",\"response\":{\"usage\":{\"input_tokens\":1,\"output_tokens\":2}}}\n\n"
			.getBytes(StandardCharsets.UTF_8);
		ByteBuffer buffer = ByteBuffer.allocateDirect(frame.length + 7);
		buffer.position(5).put(frame).position(5).limit(5 + frame.length);
		this.inspector.inspect(buffer);
		assertThat(buffer.position()).isEqualTo(5);
		assertThat(buffer.limit()).isEqualTo(5 + frame.length);
		assertThat(this.inspector.usage()).isEqualTo(Usage.of(1, 2));
	}

	@Test
	void fault58_aTotalBelowItsPartsMakesAnEstimate() {
		inspect("data: {\"type\":\"response.completed\",\"response\":{\"usage\":"
				+ "{\"input_tokens\":3,\"output_tokens\":4,\"total_tokens\":6}}}\n\n");
		assertThat(this.inspector.usage()).isEqualTo(Usage.estimate(3, 4));
	}

	@Test
	void theUsageIsNotMistakenForAParameter() {
		inspect("data: {\"type\":\"response.completed\",\"response\":{\"output\":[{\"text\":\"\\\"usage\\\":{\\\"input_tokens\\\":9}\"}],"
				+ "\"usage\" : {\"input_tokens\":1,\"output_tokens\":2},\"tools\":[{\"parameters\":{\"usage\":{\"type\":\"x\"}}}],\"metadata\":{\"usage\":\"x\"}}}\n\n");
		assertThat(this.inspector.usage()).isEqualTo(Usage.of(1, 2));
	}

	@Test
	void aStreamIsCompleteOnlyWithItsLastEvent() {
		List<Kind> kinds = new ArrayList<>();
		for (String frame : Samples.text(Samples.resource("stream.txt")).split("(?<=\n\n)")) {
			assertThat(this.inspector.complete()).isFalse();
			kinds.add(inspect(frame));
		}
		assertThat(this.inspector.complete()).isTrue();
		assertThat(this.inspector.usage()).isEqualTo(new Usage(36, 87, 7, 0, 64, 0, 0, false));
		assertThat(kinds.indexOf(Kind.SEMANTIC)).isEqualTo(4);
	}

	@Test
	void ofTwoErrorsTheFirstIsKept() {
		for (String frame : Samples.text(Samples.resource("stream-failed.txt")).split("(?<=\n\n)")) {
			inspect(frame);
		}
		assertThat(this.inspector.error()).isEqualTo(
				new LlmError(ErrorKind.RATE_LIMIT, "Rate limit reached for gpt-5.1.", "rate_limit_exceeded", null));
		assertThat(this.inspector.complete()).isFalse();
	}

	@Test
	void errorsThatAreNotJsonAreMalformed() {
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> inspect("data: {\"type\":\"error\",\"message\":\n\n"));
	}

	private Kind inspect(String frame) {
		return this.inspector.inspect(ByteBuffer.wrap(frame.getBytes(StandardCharsets.UTF_8)));
	}

}
