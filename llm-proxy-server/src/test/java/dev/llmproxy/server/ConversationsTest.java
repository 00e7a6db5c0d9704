package dev.llmproxy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.gateway.CountedMemory;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.observability.conversation.ConversationWriter;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** What is written down for fine-tuning, and what is not. */
@Tag("once")
class ConversationsTest {

	private static final String OTHER_KEY = "sk-other-0123456789abcdef0123456789abcdef";

	private static final String CHUNK = """
			data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":%s}]}""";

	private static final String ANSWER = """
			{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"whole"},"finish_reason":"stop"}]}""";

	@TempDir
	private Path directory;

	@Test
	void successfulChatsOfChosenRoutesAndKeysAndNoOthers() throws IOException {
		Path files = this.directory.resolve("conversations");
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("llm-proxy.access.keys[1].id", "other");
		properties.put("llm-proxy.access.keys[1].key", OTHER_KEY);
		properties.put("llm-proxy.aliases.kept", "up/m");
		properties.put("llm-proxy.aliases.private", "up/m");
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("llm-proxy.usage.conversations.enabled", "true");
		properties.put("llm-proxy.usage.conversations.directory", files.toString());
		properties.put("llm-proxy.usage.conversations.routes", "k*");
		properties.put("llm-proxy.usage.conversations.callers", "test");
		properties.put("llm-proxy.usage.conversations.longest", "10KB");
		try (ScriptedUpstream upstream = ScriptedUpstream.start();
				TestServer server = TestServer.withUpstream(upstream.url(), properties)) {
			upstream.enqueue(Script.json(200, ANSWER));
			ask(server, TestServer.KEY, "/v1/chat/completions", "kept", "one", false);
			upstream.enqueue(stream().event(CHUNK.formatted("med", "\"stop\"")).event("data: [DONE]").endChunked());
			ask(server, TestServer.KEY, "/v1/messages", "kept", "two", true);
			// None of these.
			upstream.enqueue(Script.json(200, ANSWER));
			ask(server, TestServer.KEY, "/v1/chat/completions", "private", "no: another route", false);
			upstream.enqueue(Script.json(200, ANSWER));
			ask(server, OTHER_KEY, "/v1/chat/completions", "kept", "no: another key", false);
			upstream.enqueue(Script.json(500, "{}"));
			ask(server, TestServer.KEY, "/v1/chat/completions", "kept", "no: failed", false);
			upstream.enqueue(stream().reset());
			ask(server, TestServer.KEY, "/v1/chat/completions", "kept", "no: broke off", true);
			upstream.enqueue(Script.json(200, ANSWER));
			ask(server, TestServer.KEY, "/v1/chat/completions", "kept", "no: long".repeat(2000), false);
			upstream.enqueue(Script.json(200, ANSWER));
			ask(server, TestServer.KEY, "/v1/chat/completions", "kept", "last", false);
			ConversationWriter writer = server.context().getBean(ConversationWriter.class);
			Awaitility.await().until(() -> writer.written() == 3);
			List<JsonNode> lines = Files.readAllLines(files.resolve("conversations-000001.jsonl"))
				.stream()
				.map((line) -> JsonMapper.shared().readTree(line))
				.toList();
			assertThat(lines).hasSize(3).allMatch((line) -> line.path("messages").size() == 2);
			assertThat(lines).extracting((line) -> line.at("/messages/0/content").asString())
				.containsExactlyInAnyOrder("one", "two", "last");
			assertThat(lines).extracting((line) -> line.at("/messages/1/role").asString()).containsOnly("assistant");
			assertThat(lines).extracting((line) -> line.at("/messages/1/content").asString())
				.containsExactlyInAnyOrder("whole", "streamed", "whole");
			assertThat(Files.getPosixFilePermissions(files)).hasSize(3);
			Awaitility.await()
				.until(() -> server.context().getBean(CountedMemory.class).used(MemoryBudget.Use.RECORDING) == 0);
		}
	}

	private static Script stream() {
		return Script.sseHead().event(CHUNK.formatted("str", "null")).event(CHUNK.formatted("ea", "null"));
	}

	private static void ask(TestServer server, String key, String path, String model, String text, boolean stream) {
		try (RawHttpClient client = server.client()) {
			client.sendPost(path, Map.of("authorization", "Bearer " + key, "content-type", "application/json"),
					"{\"model\":\"" + model + "\",\"max_tokens\":100,\"stream\":" + stream
							+ ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}");
			client.readHead();
			client.readBody(RawHttpClient.PATIENCE);
		}
	}

}
