package dev.llmproxy.dialect.responses;

import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ResponseDecodingTests {

	@Test
	void anAnswerIsRead() {
		assertThat(Samples.CODEC.decodeResponse(Samples.resource("response.json")))
			.isEqualTo(new ChatResponse("resp_67ccd2bed1ec8190b14f964abc054267", "gpt-5.1-2025-11-13", 1741476542,
					List.of(new ChatResponse.Choice(0,
							List.of(new Part.Reasoning("**Weather**\n\nAsk the tool.",
									new Signature("responses", "gAAAAABo+/secret==")),
									Part.text("I will ask. My \"usage\": {\"input_tokens\": 1}"),
									new Part.ToolCall("call_A", "weather", "{\"city\":\"Ulm\"}"),
									new Part.ToolCall("call_B", "time", "{}")),
							FinishReason.TOOL_CALLS, null)),
					new Usage(36, 87, 7, 3, 64, 0, 0, false), "flex"));
	}

	@Test
	void refusalsAndPicturesAreRead() {
		ChatResponse.Choice choice = Samples.CODEC.decodeResponse(Samples.resource("response-refusal.json"))
			.choices()
			.get(0);
		assertThat(choice.parts()).containsExactly(new Part.Refusal("No."),
				new Part.Image(new MediaSource.Inline("image/png", "iVBORw0KGgo="), null, null));
		assertThat(choice.finishReason()).isEqualTo(FinishReason.REFUSAL);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			'status':'incomplete','incomplete_details':{'reason':'max_output_tokens'} | LENGTH
			'status':'incomplete','incomplete_details':{'reason':'content_filter'}    | CONTENT_FILTER
			'status':'incomplete','incomplete_details':{'reason':'steered'}           | OTHER
			'status':'incomplete','incomplete_details':null                           | OTHER
			'status':'completed'                                                      | STOP
			'object':'response'                                                       | STOP
			""")
	void theStatusTellsWhyItEnded(String members, FinishReason expected) {
		ChatResponse response = Samples.CODEC.decodeResponse(Samples.json("{" + members + ",'output':[]}"));
		assertThat(response.choices().get(0).finishReason()).isEqualTo(expected);
		assertThat(response.usage()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[]", "7", "<html>", "{}", "{'output':{}}", "{'status':'failed','output':[]}",
			"{'status':'cancelled','output':[]}", "{'status':'queued','output':[]}",
			"{'status':'in_progress','output':[]}" })
	void whatIsNoAnswerIsSaidSo(String body) {
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> Samples.CODEC.decodeResponse(Samples.json(body)))
			.withMessageStartingWith("an answer");
	}

	@Test
	void summariesAreReadOnlyWhereThoughtsAreNotShown() {
		ChatResponse response = Samples.CODEC.decodeResponse(Samples.json("""
				{'output':[{'type':'reasoning','summary':[{'type':'summary_text','text':'short'}],
				'content':[{'type':'reasoning_text','text':'long'},{'type':'reasoning_text','text':'winded'}]}]}"""));
		assertThat(response.choices().get(0).parts()).containsExactly(new Part.Reasoning("long\n\nwinded", null));
	}

}
