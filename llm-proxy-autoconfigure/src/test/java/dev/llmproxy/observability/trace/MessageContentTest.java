package dev.llmproxy.observability.trace;

import java.util.List;
import java.util.function.UnaryOperator;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.MediaSource;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.observability.call.PrivateText;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MessageContentTest {

	private static final Codecs CODECS = new Codecs(List.of(), List.of(), List.of(), List.of());

	@Test
	void tellsAConversation() {
		LlmRequest request = request(Message.text(Role.SYSTEM, "Be \"brief\""),
				new Message(Role.USER,
						List.of(Part.text("Look"),
								new Part.Image(new MediaSource.Url("https://example.com/secret.png"), null, null))),
				new Message(Role.ASSISTANT, List.of(new Part.ToolCall("c1", "find", "{\"a\":1}"))),
				new Message(Role.TOOL, List.of(new Part.ToolResult("c1", null, List.of(Part.text("3")), false, null))));
		assertThat(full(1000).input(request)).isEqualTo("""
				[{"role":"system","parts":[{"type":"text","content":"Be \\"brief\\""}]},\
				{"role":"user","parts":[{"type":"text","content":"Look"},{"type":"image"}]},\
				{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"find","arguments":"{\\"a\\":1}"}]},\
				{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"3"}]}]""");
	}

	@Test
	void tellsAWholeAnswer() {
		ResponseBody body = new ResponseBody.Whole(new ChatResponse("id", "m", 0,
				List.of(new ChatResponse.Choice(0, List.of(Part.text("Yes")), FinishReason.STOP, null)), null, null));
		assertThat(full(1000).output(request(Message.text(Role.USER, "x")), body)).isEqualTo("""
				[{"role":"assistant","parts":[{"type":"text","content":"Yes"}],"finish_reason":"stop"}]""");
	}

	@Test
	void tellsTheEndOfWhatIsTooLong() {
		LlmRequest request = request(Message.text(Role.USER, "first"), Message.text(Role.ASSISTANT, "second"),
				Message.text(Role.USER, "third"));
		assertThat(full(8).input(request)).isEqualTo("""
				[{"role":"assistant","parts":[{"type":"text","content":"sec…"}]},\
				{"role":"user","parts":[{"type":"text","content":"third"}]}]""");
	}

	@Test
	void cutsNoSecretInTwo() {
		String secret = "sk-" + "a1".repeat(200);
		MessageContent content = new MessageContent(20, PrivateText::masked, CODECS);
		assertThat(content.input(request(Message.text(Role.USER, "0123 " + secret)))).doesNotContain("a1")
			.contains("[secret]");
		assertThat(content.input(request(Message.text(Role.USER, "x ".repeat(260) + secret)))).doesNotContain("a1");
		assertThat(content.input(request(Message.text(Role.USER, "y".repeat(600) + secret)))).doesNotContain("a1");
	}

	@Test
	void needsRoomForSomething() {
		assertThatIllegalArgumentException().isThrownBy(() -> full(0));
	}

	private static MessageContent full(int length) {
		return new MessageContent(length, UnaryOperator.identity(), CODECS);
	}

	private static LlmRequest request(Message... messages) {
		ChatRequest.Builder chat = ChatRequest.builder("m");
		for (Message message : messages) {
			chat.message(message);
		}
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.body(new byte[0], Envelope.none())
			.build()
			.withChat(chat.build());
	}

}
