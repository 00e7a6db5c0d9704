package dev.llmproxy.dialect.anthropic;

import java.util.List;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.WholeInspection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AnthropicResponseTest {

	@Test
	void readsText() {
		ChatResponse response = Bodies.CODEC.decodeResponse(Bodies.file("response-text.json"));

		assertThat(response).isEqualTo(new ChatResponse("msg_01", "claude-sonnet-4-5-20250929", 0,
				List.of(new ChatResponse.Choice(0, List.of(Part.text("Hello! \"usage\": {\"output_tokens\": 1}")),
						FinishReason.STOP, "END")),
				new Usage(2112, 6, 2000, 100, 0, 0, 0, false).servedBy("standard"), "standard"));
	}

	@Test
	void readsThoughtsAndCalls() {
		ChatResponse response = Bodies.CODEC.decodeResponse(Bodies.file("response-tools.json"));

		assertThat(response.choices()).singleElement().satisfies((choice) -> {
			assertThat(choice.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
			assertThat(choice.parts()).containsExactly(
					new Part.Reasoning("Two calls.", new Signature("anthropic", "EqQBCgIYAhIM")),
					new Part.Reasoning("", null, new Signature("anthropic", "EmwKAhgBEgy3")), Part.text("I'll check."),
					new Part.ToolCall("toolu_01", "get_weather", "{\"city\":\"Köln\",\"usage\":{\"output_tokens\":5}}"),
					new Part.ToolCall("toolu_02", "now", "{}"));
		});
		assertThat(response.usage()).isEqualTo(new Usage(400, 180, 0, 0, 64, 0, 0, false).servedBy("priority"));
	}

	@Test
	void leavesHostedToolsOut() {
		ChatResponse response = Bodies.CODEC.decodeResponse(Bodies.file("response-hosted.json"));

		assertThat(response.choices().get(0).parts()).containsExactly(Part.text("Searching. "), Part.text("Found it."));
		assertThat(response.choices().get(0).finishReason()).isEqualTo(FinishReason.PAUSE);
	}

	@ParameterizedTest
	@CsvSource({ "end_turn,STOP", "max_tokens,LENGTH", "stop_sequence,STOP", "tool_use,TOOL_CALLS", "pause_turn,PAUSE",
			"refusal,REFUSAL", "model_context_window_exceeded,LENGTH", "novel,OTHER" })
	void readsReasonsToStop(String word, FinishReason reason) {
		assertThat(Bodies.CODEC.decodeResponse(Bodies.json("{'content':[],'stop_reason':'" + word + "'}"))
			.choices()
			.get(0)
			.finishReason()).isEqualTo(reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "{'content':'x'}", "{'type':'error'}", "{" })
	void refusesWhatIsNoMessage(String body) {
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> Bodies.CODEC.decodeResponse(Bodies.json(body)));
	}

	@Test
	void writesAMessageAsTheApiDoes() {
		Usage usage = new Usage(150, 40, 100, 20, 8, 0, 0, false);
		JsonNode body = encode(FinishReason.TOOL_CALLS, usage, new Part.Reasoning("Hm.", new Signature("gemini", "s")),
				Part.text(""), Part.text("Yes."), new Part.ToolCall("c", "t", "{\"a\":1}"));

		assertThat(body).isEqualTo(Bodies.tree("{'id':'chatcmpl-1','type':'message','role':'assistant',"
				+ "'model':'gpt','content':[{'type':'thinking','thinking':'Hm.','signature':'"
				+ new Signature("gemini", "s").in("anthropic") + "'},{'type':'text','text':'Yes.'},"
				+ "{'type':'tool_use','id':'c','name':'t','input':{'a':1}}],'stop_reason':'tool_use',"
				+ "'stop_sequence':null,'usage':{'input_tokens':30,'cache_creation_input_tokens':20,"
				+ "'cache_read_input_tokens':100,'output_tokens':40,'output_tokens_details':{'thinking_tokens':8},"
				+ "'service_tier':'standard'}}"));
	}

	@Test
	void showsARefusalAsText() {
		JsonNode body = encode(FinishReason.STOP, null, new Part.Refusal("No."));

		assertThat(body.path("content")).isEqualTo(Bodies.tree("[{'type':'text','text':'No.'}]"));
		assertThat(body.path("stop_reason").stringValue()).isEqualTo("refusal");
		assertThat(body.path("stop_details"))
			.isEqualTo(Bodies.tree("{'type':'refusal','category':null,'explanation':null}"));
	}

	@Test
	void saysThatToolsAreCalledEvenIfTheProviderDidNot() {
		assertThat(encode(FinishReason.STOP, null, new Part.ToolCall("c", "t", "{}")).path("stop_reason").stringValue())
			.isEqualTo("tool_use");
	}

	@Test
	void keepsArgumentsThatWereCutOff() {
		JsonNode body = encode(FinishReason.LENGTH, null, new Part.ToolCall("c", "t", "{\"a\":"));

		assertThat(body.path("content").get(0).path("input")).isEqualTo(Bodies.tree("{'_raw':'{\\'a\\':'}"));
		assertThat(body.path("stop_reason").stringValue()).isEqualTo("max_tokens");
	}

	@Test
	void givesIdentifiersThatAreMissing() {
		JsonNode body = Bodies.tree(Bodies.CODEC.encodeResponse(new ChatResponse("", "m", 0,
				List.of(new ChatResponse.Choice(0, List.of(new Part.ToolCall("", "t", "{}")), FinishReason.STOP, null)),
				null, null)));

		assertThat(body.path("id").stringValue()).startsWith("msg_");
		assertThat(body.path("content").get(0).path("id").stringValue()).startsWith("toolu_");
	}

	private static JsonNode encode(FinishReason reason, Usage usage, Part... parts) {
		return Bodies.tree(Bodies.CODEC.encodeResponse(new ChatResponse("chatcmpl-1", "gpt", 1,
				List.of(new ChatResponse.Choice(0, List.of(parts), reason, null)), usage, "default")));
	}

	@Test
	void glancesAtAnErrorBehindAGoodStatus() {
		WholeInspection glance = Bodies.CODEC.inspect(
				Bodies.json("{'type':'error','error':{'type':'overloaded_error','message':'Busy'},'request_id':'r'}"));

		assertThat(glance).isEqualTo(
				new WholeInspection(null, null, new LlmError(ErrorKind.OVERLOADED, "Busy", "overloaded_error", null)));
	}

	@Test
	void glancesPastWordsInTheAnswer() {
		assertThat(Bodies.CODEC.inspect(
				Bodies.json("{'type':'message','content':[{'type':'text','text':'x'}],'error':null,'usage':null}")))
			.isEqualTo(WholeInspection.NOTHING);
		assertThat(Bodies.CODEC.inspect(Bodies.file("response-tools.json")).usage())
			.isEqualTo(new Usage(400, 180, 0, 0, 64, 0, 0, false).servedBy("priority"));
	}

}
