package dev.llmproxy.server;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What callers, and operators, see of budgets. */
class BudgetsTest {

	static final String ANSWER = """
			{"id":"x","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":500,"total_tokens":1500}}""";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start().answerWith(Script.json(200, ANSWER));
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("management.endpoints.web.exposure.include", "llmbudgets");
		properties.put("llm-proxy.routes.dear.targets[0].model", "up/dear");
		properties.put("llm-proxy.routes.dear.targets[0].prices.input", "1000");
		properties.put("llm-proxy.routes.dear.targets[0].prices.output", "2000");
		properties.put("llm-proxy.budgets.rules.each-key.per", "key");
		properties.put("llm-proxy.budgets.rules.each-key.amount", "3.50");
		server = TestServer.withUpstream(upstream.url(), properties);
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@Test
	void callsAreRefusedOnceTheBudgetIsSpent() {
		try (RawHttpClient client = server.client()) {
			// Each costs 2 dollars.
			assertThat(ask(client, "/v1/chat/completions").status()).isEqualTo(200);
			assertThat(ask(client, "/v1/chat/completions").status()).isEqualTo(200);
			RawResponse refused = ask(client, "/v1/chat/completions");
			assertThat(refused.status()).isEqualTo(422);
			JsonNode error = JsonMapper.shared().readTree(refused.text()).path("error");
			assertThat(error.path("code").asString()).isEqualTo("budget_exceeded");
			assertThat(error.path("message").asString()).contains("each-key");
			assertThat(refused.header("retry-after")).isNotNull();
			assertThat(ask(client, "/v1/messages").text()).contains("each-key").contains("\"type\":\"error\"");
		}
		assertThat(upstream.requests()).hasSize(2);
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			JsonNode account = JsonMapper.shared()
				.readTree(client.get("/actuator/llmbudgets", Map.of()).text())
				.path("accounts")
				.path(0);
			assertThat(account.path("subject").asString()).isEqualTo("test");
			assertThat(account.path("spent").decimalValue()).isEqualByComparingTo("4");
			assertThat(account.path("reserved").decimalValue()).isEqualByComparingTo("0");
		}
	}

	static RawResponse ask(RawHttpClient client, String path) {
		return client.post(path, TestServer.headers(),
				"{\"model\":\"dear\",\"max_tokens\":10,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
	}

}
