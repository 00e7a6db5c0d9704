package dev.llmproxy.server;

import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** What is said, where an operator wants it in the log. */
@ExtendWith(OutputCaptureExtension.class)
class ContentLogTest {

	private static final String CHUNK = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
			+ "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":%s}]}";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	private static AccessEvents events;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start();
		server = TestServer.withUpstream(upstream.url(),
				Map.of("llm-proxy.access-log.enabled", "true", "llm-proxy.access-log.content", "redacted",
						"llm-proxy.access-log.content-length", "200", "llm-proxy.access-log.redact[0]", "Xanadu",
						"logging.level.llm-proxy.content", "info"));
		events = AccessEvents.capture("llm-proxy.content");
	}

	@AfterAll
	static void stop() {
		events.close();
		server.close();
		upstream.close();
	}

	@Test
	void anAnswer() {
		upstream.enqueue(Script.json(200, """
				{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":\
				{"role":"assistant","content":"I wrote to bob@example.com.","tool_calls":[{"id":"t","type":"function",\
				"function":{"name":"mail","arguments":"{\\"n\\":1}"}}]},"finish_reason":"tool_calls"}]}"""));
		post("/v1/chat/completions", "one", """
				{"model":"up/m","messages":[{"role":"system","content":"About Xanadu."},\
				{"role":"user","content":"Write to ada@example.com with sk-proj-0123456789abcdef."}]}""");
		assertThat(events.fieldsOf("one")).containsEntry("llm_proxy.caller", "test")
			.containsEntry("llm_proxy.request_text", "system: About [redacted].\nuser: Write to [email] with [secret].")
			.containsEntry("llm_proxy.answer_text", "I wrote to [email]. [mail {\"n\":1}]");
	}

	@Test
	void aStreamIsRedactedAcrossItsEvents() {
		upstream.enqueue(Script.sse(List.of(CHUNK.formatted("Ask ada@exa", "null"),
				CHUNK.formatted("mple.com.", "null"), CHUNK.formatted("", "\"stop\""), "[DONE]")));
		assertThat(post("/v1/chat/completions", "two", """
				{"model":"up/m","stream":true,"messages":[{"role":"user","content":"Whom?"}]}""")).contains("ada@exa",
				"mple.com.", "[DONE]");
		assertThat(events.fieldsOf("two")).containsEntry("llm_proxy.request_text", "user: Whom?")
			.containsEntry("llm_proxy.answer_text", "Ask [email].");
	}

	@Test
	void theEndOfALongConversationAndTheBeginningOfALongAnswer() {
		upstream.enqueue(Script.json(200, """
				{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":\
				{"role":"assistant","content":"%s"},"finish_reason":"stop"}]}""".formatted("so ".repeat(2000))));
		post("/v1/messages", "three", """
				{"model":"up/m","max_tokens":9,"messages":[{"role":"user","content":"%s"},\
				{"role":"assistant","content":"yes"},{"role":"user","content":"and now?"}]}"""
			.formatted("on and ".repeat(800)));
		Map<String, Object> fields = events.fieldsOf("three");
		assertThat(fields.get("llm_proxy.request_text")).asString()
			.hasSize(201)
			.startsWith("…")
			.endsWith("on and \nassistant: yes\nuser: and now?");
		assertThat(fields).containsEntry("llm_proxy.answer_text", "so ".repeat(67).substring(0, 200) + "…");
	}

	@Test
	void aCallThatFailedSaidSomethingToo() {
		upstream.enqueue(Script.json(400, "{\"error\":{\"message\":\"no\"}}"));
		post("/v1/chat/completions", "four", """
				{"model":"up/m","messages":[{"role":"user","content":"Hello?"}]}""");
		assertThat(events.fieldsOf("four")).containsEntry("llm_proxy.request_text", "user: Hello?")
			.doesNotContainKey("llm_proxy.answer_text");
	}

	/** The console's pattern does it, where no format does. */
	@Test
	void aCredentialInAnyLineIsMasked(CapturedOutput output) {
		LogFactory.getLog(ContentLogTest.class)
			.warn("A library tells of 'sk-proj-0123456789abcdef', twice: AKIAIOSFODNN7EXAMPLE");
		assertThat(output.getAll()).contains("A library tells of '[secret]', twice: [secret]");
	}

	private static String post(String path, String id, String body) {
		try (RawHttpClient client = server.client()) {
			return client
				.post(path, Map.of("authorization", "Bearer " + TestServer.KEY, "content-type", "application/json",
						"x-request-id", id), body)
				.text();
		}
	}

}
