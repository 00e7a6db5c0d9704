package dev.llmproxy.dialect.anthropic;

import java.util.List;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.ReasoningConfig;
import dev.llmproxy.chat.Role;
import dev.llmproxy.chat.Tool;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.Dialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AnthropicTokenCountCodecTest {

	private final AnthropicTokenCountCodec codec = new AnthropicTokenCountCodec();

	@Test
	void asksAboutThePromptOnly() {
		JsonNode body = Bodies.tree(this.codec.encodeCountRequest(ChatRequest.builder("claude-sonnet-4-5")
			.message(Message.text(Role.SYSTEM, "Be brief."))
			.message(Message.text(Role.USER, "Hello"))
			.maxTokens(8000)
			.stream(true)
			.temperature(0.5)
			.topK(1)
			.user("u")
			.serviceTier("auto")
			.stop(List.of("x"))
			.reasoning(ReasoningConfig.effort("medium"))
			.tool(new Tool.Function("t", null, null, null, null))
			.rest("$dialect", "anthropic")
			.rest("container", "c")
			.rest("speed", "fast")
			.build()));

		assertThat(body).isEqualTo(Bodies.tree("{'model':'claude-sonnet-4-5','output_config':{'effort':'medium'},"
				+ "'tools':[{'name':'t','input_schema':{'type':'object'}}],'system':'Be brief.','speed':'fast',"
				+ "'messages':[{'role':'user','content':'Hello'}]}"));
	}

	@Test
	void readsWhatACallerCounts() {
		byte[] body = Bodies.json("{'model':'claude-opus-4-8','messages':[{'role':'user','content':'Hi'}]}");

		assertThat(Bodies.tree(this.codec.encodeCountRequest(Bodies.decode(body)))).isEqualTo(Bodies.tree(body));
	}

	@Test
	void readsAndWritesTheAnswer() {
		assertThat(this.codec.dialect()).isEqualTo(Dialect.ANTHROPIC);
		assertThat(this.codec.decodeCountResponse(Bodies.json("{'input_tokens':2095,'later':1}"))).isEqualTo(2095);
		assertThat(Bodies.text(this.codec.encodeCountResponse(14))).isEqualTo("{\"input_tokens\":14}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "[]", "{'input_tokens':'7'}", "{'input_tokens':-1}", "{'input_tokens':1.5}" })
	void refusesWhatIsNoCount(String body) {
		assertThatExceptionOfType(DecodingException.class)
			.isThrownBy(() -> this.codec.decodeCountResponse(Bodies.json(body)));
	}

}
