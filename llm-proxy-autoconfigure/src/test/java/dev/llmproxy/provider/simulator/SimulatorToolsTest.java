package dev.llmproxy.provider.simulator;

import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.gateway.LlmException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** When the simulator calls tools, and what it makes of their results. */
class SimulatorToolsTest {

	private static final Tool WEATHER = new Tool.Function("get_weather", "Get the forecast of a place",
			Map.of("type", "object", "properties", Map.of("city", Map.of("type", "string"))), null, null);

	private static final Tool MAIL = new Tool.Function("sendMail", "Sends a message to somebody", null, null, null);

	private final Simulation simulation = new Simulation();

	@Test
	void callsAToolThatTheUserMentions() {
		ChatResponse answer = this.simulation.answer(request("What is the weather?").build());
		assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
		assertThat(calls(answer)).extracting(Part.ToolCall::name).containsExactly("get_weather");
		assertThat(calls(answer)).extracting(Part.ToolCall::arguments).containsExactly("{\"city\":\"example city\"}");
	}

	@Test
	void callsAToolWhoseDescriptionTheUserMentions() {
		assertThat(calls(request("A forecast, please").build())).containsExactly("get_weather");
		assertThat(calls(request("Leave a message").build())).containsExactly("sendMail");
	}

	@Test
	void takesNamesApart() {
		assertThat(calls(request("Any mail?").build())).containsExactly("sendMail");
	}

	@Test
	void answersWhereNoToolIsMentioned() {
		ChatResponse answer = this.simulation.answer(request("What is this about?").build());
		assertThat(calls(answer)).isEmpty();
		assertThat(answer.text()).contains("What is this about?");
	}

	@Test
	void callsNoneWhereThatIsForbidden() {
		assertThat(calls(request("What is the weather?").toolChoice(ToolChoice.NONE).build())).isEmpty();
	}

	@Test
	void callsTheOneThatIsNamed() {
		assertThat(calls(request("What is the weather?").toolChoice(ToolChoice.named("sendMail")).build()))
			.containsExactly("sendMail");
	}

	@Test
	void callsSomeToolWhereOneIsRequired() {
		assertThat(calls(request("Hi").toolChoice(ToolChoice.REQUIRED).build())).containsExactly("get_weather");
		assertThat(calls(request("A mail").toolChoice(ToolChoice.REQUIRED).build())).containsExactly("sendMail");
	}

	@Test
	void refusesToCallAToolThatThereIsNot() {
		ChatRequest request = request("Hi").toolChoice(ToolChoice.named("other")).build();
		assertThatExceptionOfType(LlmException.class).isThrownBy(() -> this.simulation.answer(request))
			.satisfies((failure) -> {
				assertThat(failure.status()).isEqualTo(400);
				assertThat(failure.error().param()).isEqualTo("tool_choice");
			});
	}

	@Test
	void refusesToCallAToolWhereThereAreNone() {
		ChatRequest request = Simulation.ask("chat", "Hi").toolChoice(ToolChoice.REQUIRED).build();
		assertThatExceptionOfType(LlmException.class).isThrownBy(() -> this.simulation.answer(request));
	}

	@Test
	void callsSeveralAtOnceWhenTheUserSaysSo() {
		ChatResponse answer = this.simulation.answer(request("Do both: get the weather and send a mail").build());
		assertThat(calls(answer)).extracting(Part.ToolCall::name).containsExactlyInAnyOrder("get_weather", "sendMail");
		assertThat(calls(answer)).extracting(Part.ToolCall::id).doesNotHaveDuplicates();
	}

	@Test
	void callsOneToolTwiceForTwoQuotedThings() {
		ChatResponse answer = this.simulation
			.answer(request("Get the weather of \"Paris\" and of “Rome” in parallel").build());
		assertThat(calls(answer)).extracting(Part.ToolCall::arguments)
			.containsExactly("{\"city\":\"Paris\"}", "{\"city\":\"Rome\"}");
	}

	@Test
	void callsOneAtATimeWhereSeveralAreForbidden() {
		assertThat(calls(request("Both weather and mail").parallelToolCalls(false).build())).hasSize(1);
	}

	@Test
	void leavesToolsAloneThatTheProviderWouldRun() {
		ChatRequest request = Simulation.ask("chat", "Do a search")
			.tool(new Tool.Hosted("openai", "web_search", Map.of()))
			.toolChoice(ToolChoice.REQUIRED)
			.build();
		assertThat(calls(request)).isEmpty();
	}

	@Test
	void quotesTheResults() {
		ChatRequest request = request("What is the weather?")
			.message(new Message(Role.ASSISTANT, List.of(new Part.ToolCall("c1", "get_weather", "{}"))))
			.message(new Message(Role.TOOL,
					List.of(new Part.ToolResult("c1", null, List.of(Part.text("Sunny")), false, null),
							new Part.ToolResult("c2", "sendMail", List.of(Part.text("No network")), true, null))))
			.build();
		ChatResponse answer = this.simulation.answer(request);
		assertThat(calls(answer)).isEmpty();
		assertThat(answer.text()).contains("The tool get_weather returned: \"Sunny\".",
				"The tool sendMail failed with: \"No network\".", "You said: \"What is the weather?\"");
	}

	@Test
	void callsAgainForAnotherQuestion() {
		ChatRequest.Builder request = request("What is the weather?")
			.message(new Message(Role.ASSISTANT, List.of(new Part.ToolCall("c1", "get_weather", "{}"))))
			.message(new Message(Role.TOOL,
					List.of(new Part.ToolResult("c1", null, List.of(Part.text("Sunny")), false, null))))
			.message(Message.text(Role.ASSISTANT, "Sunny"))
			.message(Message.text(Role.USER, "What is the weather?"));
		ChatResponse first = this.simulation.answer(request("What is the weather?").build());
		ChatResponse second = this.simulation.answer(request.build());
		assertThat(calls(second)).hasSize(1);
		assertThat(calls(second).get(0).id()).isNotEqualTo(calls(first).get(0).id());
	}

	@Test
	void makesNoHalfCalls() {
		ChatResponse answer = this.simulation.answer(request("What is the weather?").maxTokens(3).build());
		assertThat(answer.choices().get(0).parts()).isEmpty();
		assertThat(answer.choices().get(0).finishReason()).isEqualTo(FinishReason.LENGTH);
	}

	private static ChatRequest.Builder request(String question) {
		return Simulation.ask("chat", question).tool(WEATHER).tool(MAIL);
	}

	private List<String> calls(ChatRequest request) {
		return calls(this.simulation.answer(request)).stream().map(Part.ToolCall::name).toList();
	}

	private static List<Part.ToolCall> calls(ChatResponse answer) {
		return answer.choices()
			.get(0)
			.parts()
			.stream()
			.filter(Part.ToolCall.class::isInstance)
			.map(Part.ToolCall.class::cast)
			.toList();
	}

}
