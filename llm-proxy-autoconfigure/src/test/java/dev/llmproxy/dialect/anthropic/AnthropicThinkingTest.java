package dev.llmproxy.dialect.anthropic;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Signature;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.chat.ToolChoice;
import dev.llmproxy.dialect.EncodedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

class AnthropicThinkingTest {

	private static final String MANUAL = "claude-sonnet-4-5";

	private static final String ADAPTIVE = "claude-opus-4-8";

	private static final ReasoningConfig MEDIUM = ReasoningConfig.effort("medium");

	@ParameterizedTest
	@ValueSource(strings = { MANUAL, "claude-3-7-sonnet-20250219", "deepseek-chat", "claude-opus-4-5" })
	void givesABudgetWhereTheModelWantsOne(String model) {
		JsonNode body = Bodies.encode(Bodies.hello(model).reasoning(MEDIUM).maxTokens(10_000));

		assertThat(body.path("thinking")).isEqualTo(Bodies.tree("{'type':'enabled','budget_tokens':5000}"));
		assertThat(body.has("output_config")).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { ADAPTIVE, "claude-opus-4-6", "claude-sonnet-5", "claude-haiku-5-5", "claude-fable-5" })
	void givesAnEffortWhereTheModelAdapts(String model) {
		JsonNode body = Bodies.encode(Bodies.hello(model).reasoning(MEDIUM));

		assertThat(body.path("thinking")).isEqualTo(Bodies.tree("{'type':'adaptive'}"));
		assertThat(body.path("output_config")).isEqualTo(Bodies.tree("{'effort':'medium'}"));
		assertThat(body.path("max_tokens").intValue()).isEqualTo(16_384);
	}

	@Test
	void derivesTheEffortFromABudget() {
		ReasoningConfig budget = new ReasoningConfig(true, null, 20_000, "auto");

		JsonNode body = Bodies.encode(Bodies.hello(ADAPTIVE).reasoning(budget));
		assertThat(body.path("thinking")).isEqualTo(Bodies.tree("{'type':'adaptive','display':'summarized'}"));
		assertThat(body.path("output_config").path("effort").stringValue()).isEqualTo("high");

		// The one generation that has both gets what was asked for.
		assertThat(Bodies.encode(Bodies.hello("claude-opus-4-6").reasoning(budget)).path("thinking"))
			.isEqualTo(Bodies.tree("{'type':'enabled','budget_tokens':20000}"));
	}

	@Test
	void asksForTheLevelThatTheModelHas() {
		assertThat(effort("claude-opus-4-6", "xhigh")).isEqualTo("high");
		assertThat(effort("claude-opus-4-6", "max")).isEqualTo("max");
		assertThat(effort("claude-opus-4-7", "xhigh")).isEqualTo("xhigh");
		assertThat(effort("claude-opus-4-7", "minimal")).isEqualTo("low");
	}

	private static String effort(String model, String wish) {
		return Bodies.encode(Bodies.hello(model).reasoning(ReasoningConfig.effort(wish)))
			.path("output_config")
			.path("effort")
			.stringValue();
	}

	@Test
	void keepsTheBudgetBelowTheLimit() {
		ReasoningConfig budget = new ReasoningConfig(true, null, 32_000, null);

		JsonNode unlimited = Bodies.encode(Bodies.hello(MANUAL).reasoning(budget));
		assertThat(unlimited.path("thinking").path("budget_tokens").intValue()).isEqualTo(32_000);
		assertThat(unlimited.path("max_tokens").intValue()).isEqualTo(36_096);

		EncodedRequest lowered = Bodies.encoded(Bodies.hello(MANUAL).reasoning(budget).maxTokens(10_000));
		assertThat(Bodies.tree(lowered.body()).path("thinking").path("budget_tokens").intValue()).isEqualTo(8000);
		assertThat(lowered.dropped()).containsExactly("reasoning.budget_tokens (lowered to 8000)");

		EncodedRequest none = Bodies.encoded(Bodies.hello(MANUAL).reasoning(budget).maxTokens(1024));
		assertThat(Bodies.tree(none.body()).has("thinking")).isFalse();
		assertThat(none.dropped()).containsExactly("reasoning (max_tokens leaves no room for it)");
	}

	@Test
	void namesReasoningThatAnOldModelLacks() {
		EncodedRequest encoded = Bodies.encoded(Bodies.hello("claude-3-5-haiku-20241022").reasoning(MEDIUM));

		assertThat(encoded.dropped()).containsExactly("reasoning");
		assertThat(Bodies.tree(encoded.body()).has("thinking")).isFalse();
	}

	@Test
	void turnsThinkingOffAsFarAsTheModelAllows() {
		ReasoningConfig off = new ReasoningConfig(false, null, null, null);

		assertThat(Bodies.encode(Bodies.hello(MANUAL).reasoning(off)).has("thinking")).isFalse();
		assertThat(Bodies.encode(Bodies.hello("claude-opus-5").reasoning(off)).path("thinking"))
			.isEqualTo(Bodies.tree("{'type':'disabled'}"));
		assertThat(Bodies.encode(Bodies.hello("kimi-k2").reasoning(off)).path("thinking"))
			.isEqualTo(Bodies.tree("{'type':'disabled'}"));
		assertThat(Bodies.encode(Bodies.hello("claude-sonnet-5-5").reasoning(off)).path("thinking"))
			.isEqualTo(Bodies.tree("{'type':'between_tools'}"));
		EncodedRequest always = Bodies.encoded(Bodies.hello("claude-opus-5-5").reasoning(off));
		assertThat(Bodies.tree(always.body()).has("thinking")).isFalse();
		assertThat(Bodies.tree(always.body()).path("output_config")).isEqualTo(Bodies.tree("{'effort':'low'}"));
		assertThat(always.dropped()).containsExactly("reasoning (the model always thinks)");
	}

	@Test
	void excludesWhatTheApiExcludes() {
		EncodedRequest encoded = Bodies.encoded(Bodies.hello(MANUAL)
			.reasoning(MEDIUM)
			.temperature(0.3)
			.topP(0.9)
			.topK(5)
			.tool(new Tool.Function("t", null, null, null, null))
			.toolChoice(ToolChoice.REQUIRED)
			.parallelToolCalls(false));

		assertThat(encoded.dropped()).containsExactly("temperature", "top_p", "top_k", "tool_choice");
		JsonNode body = Bodies.tree(encoded.body());
		assertThat(body.path("tool_choice")).isEqualTo(Bodies.tree("{'type':'auto','disable_parallel_tool_use':true}"));
		assertThat(body.has("temperature")).isFalse();
		assertThat(Bodies.encode(Bodies.hello(MANUAL).reasoning(MEDIUM).topP(0.97)).path("top_p").doubleValue())
			.isEqualTo(0.97);
	}

	@Test
	void leavesItOutWhereTheTurnThatGoesOnLacksItsThoughts() {
		Part call = new Part.ToolCall("a", "t", "{}");
		Part foreign = new Part.Reasoning("x", new Signature("gemini", "s"));

		EncodedRequest encoded = Bodies.encoded(afterCall(MANUAL, List.of(foreign, call)));
		assertThat(encoded.dropped()).containsExactly("messages[1].parts[0] (reasoning)",
				"reasoning (the turn that goes on lacks its thoughts)");
		assertThat(Bodies.tree(encoded.body()).has("thinking")).isFalse();

		Part own = new Part.Reasoning("x", new Signature("anthropic", "s"));
		assertThat(Bodies.encoded(afterCall(MANUAL, List.of(own, call))).dropped()).isEmpty();
		// Where the amount is the model's, its thoughts may be missing.
		assertThat(Bodies.encode(afterCall(ADAPTIVE, List.of(foreign, call))).has("thinking")).isTrue();
	}

	@Test
	void countsTheTurnFromItsFirstCallOn() {
		Part own = new Part.Reasoning("x", new Signature("anthropic", "s"));
		ChatRequest.Builder request = afterCall(MANUAL, List.of(own, new Part.ToolCall("a", "t", "{}")))
			.message(new Message(Role.ASSISTANT, List.of(new Part.ToolCall("b", "t", "{}"))))
			.message(new Message(Role.TOOL, List.of(new Part.ToolResult("b", null, List.of(), false, null))));
		assertThat(Bodies.encode(request).has("thinking")).isTrue();

		request.message(Message.text(Role.ASSISTANT, "Done.")).message(Message.text(Role.USER, "Thanks"));
		assertThat(Bodies.encode(request).has("thinking")).isTrue();

		request.message(new Message(Role.ASSISTANT, List.of(new Part.ToolCall("c", "t", "{}"))))
			.message(new Message(Role.TOOL, List.of(new Part.ToolResult("c", null, List.of(), false, null))));
		assertThat(Bodies.encode(request).has("thinking")).isFalse();
	}

	private static ChatRequest.Builder afterCall(String model, List<Part> answer) {
		return Bodies.hello(model)
			.reasoning(MEDIUM)
			.tool(new Tool.Function("t", null, null, null, null))
			.message(new Message(Role.ASSISTANT, answer))
			.message(new Message(Role.TOOL, List.of(new Part.ToolResult("a", null, List.of(), false, null))));
	}

	@Test
	void meansWhatItsOwnCallersSay() {
		ChatRequest.Builder effortOnly = Bodies.hello("claude-opus-4-6")
			.rest("$dialect", "anthropic")
			.reasoning(ReasoningConfig.effort("max"));
		assertThat(Bodies.encode(effortOnly).has("thinking")).isFalse();
		assertThat(Bodies.encode(effortOnly).path("output_config")).isEqualTo(Bodies.tree("{'effort':'max'}"));

		// Between tool calls thoughts may go beyond the limit of one answer.
		ChatRequest.Builder beyond = Bodies.hello(MANUAL)
			.rest("$dialect", "anthropic")
			.maxTokens(4000)
			.reasoning(new ReasoningConfig(true, null, 9000, null));
		assertThat(Bodies.encode(beyond).path("thinking").path("budget_tokens").intValue()).isEqualTo(9000);

		// An unknown name says nothing: the caller does.
		ChatRequest.Builder unknown = Bodies.hello("glm-5").reasoning(new ReasoningConfig(true, null, -1, null));
		assertThat(Bodies.encode(unknown).path("thinking")).isEqualTo(Bodies.tree("{'type':'adaptive'}"));
	}

}
