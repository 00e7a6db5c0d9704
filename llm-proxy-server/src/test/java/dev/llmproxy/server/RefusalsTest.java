package dev.llmproxy.server;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.resilience.CooldownGate;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Faults 26 to 29: what providers refuse, when they are asked again, and who is asked
 * instead. Each test has a model of its own, which rests by itself.
 */
class RefusalsTest {

	private static final String REFUSED = "{\"error\":{\"message\":\"no\",\"type\":\"requests\",\"code\":\"%s\"}}";

	private static ScriptedUpstream refusing;

	private static ScriptedUpstream answering;

	private static TestServer server;

	@BeforeAll
	static void start() {
		refusing = ScriptedUpstream.start();
		answering = ScriptedUpstream.start().answerWith(Script.json(200, "{\"id\":\"other\",\"choices\":[]}"));
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.providers.other.type", "openai-compatible");
		properties.put("llm-proxy.providers.other.base-url", answering.url() + "/v1");
		properties.put("llm-proxy.providers.other.api-key", "k-0123456789abcdef");
		properties.put("llm-proxy.resilience.breaker.enabled", "false");
		properties.put("llm-proxy.resilience.retry.base-delay", "1ms");
		properties.put("llm-proxy.resilience.retry.max-delay", "10ms");
		for (int i = 0; i < 20; i++) {
			properties.put("llm-proxy.aliases.both-" + i, "up/m" + i + ",other/m");
		}
		server = TestServer.withUpstream(refusing.url(), properties);
	}

	@AfterAll
	static void stop() {
		server.close();
		refusing.close();
		answering.close();
	}

	@ParameterizedTest
	@CsvSource({ "0, 7, 6, 7", "1, in 9 s, 6, 9", "2, 1000000000, 290, 300", "3, soon, 2, 5", "4, -3, 2, 5",
			"5, , 2, 5" })
	void fault26_fault27_aTargetRestsForAsLongAsItsProviderSays(int number, String hint, long least, long most) {
		refusing.answerWith(refusal(hint));

		assertThat(ask("both-" + number).text()).contains("other");

		assertThat(rest("up/m" + number)).isBetween(Duration.ofSeconds(least), Duration.ofSeconds(most));
		int calls = refusing.requests().size();
		assertThat(ask("both-" + number).text()).contains("other");
		assertThat(refusing.requests()).hasSize(calls);
		RawResponse refused = ask("up/m" + number);
		assertThat(refused.status()).isEqualTo(429);
		assertThat(Long.parseLong(refused.header("retry-after"))).isBetween(least, most);
		assertThat(refusing.requests()).hasSize(calls);
	}

	@Test
	void fault26_aTimeThatIsPastIsNoReasonToWait() {
		refusing.answerWith(refusal("Wed, 21 Oct 2015 07:28:00 GMT"));
		assertThat(ask("both-6").text()).contains("other");
		assertThat(rest("up/m6")).isZero();
	}

	private static Script refusal(@Nullable String hint) {
		Script head = Script.script().status(429).header("content-type", "application/json");
		return ((hint != null) ? head.header("retry-after", header(hint)) : head)
			.body(REFUSED.formatted("rate_limit_exceeded"));
	}

	private static String header(String hint) {
		return hint.equals("in 9 s")
				? DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(9)) : hint;
	}

	@Test
	void fault28_anAccountWithNothingLeftIsNotAskedAgain() {
		refusing.answerWith(Script.json(429, REFUSED.formatted("insufficient_quota")));
		int calls = refusing.requests().size();
		assertThat(ask("up/spent").status()).isEqualTo(429);
		assertThat(refusing.requests()).hasSize(calls + 1);
		assertThat(rest("up/spent")).isGreaterThan(Duration.ofSeconds(30));
	}

	@ParameterizedTest
	@ValueSource(ints = { 500, 502, 503, 504 })
	void fault29_aProviderThatFailsIsAskedAgainAFewTimesAndThenAnother(int status) {
		refusing.answerWith(Script.json(status, REFUSED.formatted("server_error")));
		int calls = refusing.requests().size();

		RawResponse failed = ask("up/failing");

		assertThat(failed.status()).isEqualTo(status);
		assertThat(refusing.requests().size() - calls).isBetween(1, 3);
		assertThat(ask("both-" + (status - 490)).text()).contains("other");
	}

	private static Duration rest(String target) {
		return server.context().getBean(CooldownGate.class).remaining(target);
	}

	private static RawResponse ask(String model) {
		try (RawHttpClient client = server.client()) {
			return client.post("/v1/chat/completions", TestServer.headers(),
					"{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
		}
	}

}
