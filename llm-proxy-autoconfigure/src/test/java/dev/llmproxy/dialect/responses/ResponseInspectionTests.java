package dev.llmproxy.dialect.responses;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Usage;
import dev.llmproxy.dialect.WholeInspection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ResponseInspectionTests {

	@Test
	void theUsageIsFound() {
		assertThat(Samples.CODEC.inspect(Samples.resource("response.json"))).isEqualTo(new WholeInspection(
				new Usage(36, 87, 7, 3, 64, 0, 0, false).servedBy("flex"), FinishReason.TOOL_CALLS, null));
	}

	@Test
	void aFailureInSpiteOfAGoodStatusIsFound() {
		assertThat(inspect("{'id':'resp_1','status':'failed','error':{'code':'server_error','message':'m'}}"))
			.isEqualTo(new WholeInspection(null, null, new LlmError(ErrorKind.UPSTREAM, "m", "server_error", null)));
		assertThat(inspect("{'error':{'message':'m','type':'invalid_request_error','param':'p','code':null}}").error())
			.isEqualTo(new LlmError(ErrorKind.INVALID_REQUEST, "m", "invalid_request_error", "p"));
		assertThat(inspect("{'status':'failed','error':null}").error()).isNotNull();
		assertThat(inspect("{'error':'m'}").error()).isNotNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'error':null,'status':'completed'}", "{'output':[{'type':'mcp_call','error':'x'}]}",
			"{'tools':[{'parameters':{'error':{'type':'string'}}}]}", "{'output':[{'status':'failed'}],'error':null}",
			"{'usage':null}", "{'usage':{'cost':1}}", "{'error':{" })
	void whatOnlyLooksLikeSomethingIsPassedOver(String body) {
		assertThat(inspect(body)).isEqualTo(WholeInspection.NOTHING);
	}

	private static WholeInspection inspect(String body) {
		return Samples.CODEC.inspect(Samples.json(body));
	}

}
