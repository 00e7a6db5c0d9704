package dev.llmproxy.server;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.cache.Embedder;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.RedisServer;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/** Two nodes that remember questions together. */
@Tag("once")
class SharedQuestionsTest {

	private static final String OTHER_KEY = "sk-test-fedcba9876543210fedcba9876543210";

	private static final String ANSWER = "{\"id\":\"a\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\","
			+ "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Paris\"},"
			+ "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";

	@Test
	void aNodeKnowsWhatAnotherWasAsked() {
		try (RedisServer redis = RedisServer.withVectorSets(documentedUser());
				ScriptedUpstream upstream = ScriptedUpstream.start().answerWith(Script.json(200, ANSWER));
				TestServer one = server(redis, upstream);
				TestServer two = server(redis, upstream)) {
			String key = Objects.requireNonNull(
					ask(one, TestServer.KEY, "What is the capital of France?").header("llm-proxy-cache-key"));
			Awaitility.await().until(() -> redis.command("EXISTS llm-proxy:cache:" + key).equals(":1\r\n"));
			// A busy machine may be late the first time, and then knows it from then on.
			Awaitility.await().until(() -> redis.command("SCAN 0 COUNT 1000").contains("llm-proxy:cache:meaning:"));
			RawResponse similar = ask(two, TestServer.KEY, "Of France, what is the capital?");
			assertThat(similar.header("llm-proxy-cache")).isEqualTo("semantic");
			assertThat(Double.parseDouble(Objects.requireNonNull(similar.header("llm-proxy-cache-similarity"))))
				.isGreaterThan(0.99);
			assertThat(similar.json().at("/choices/0/message/content").asString()).isEqualTo("Paris");
			assertThat(upstream.requests()).hasSize(1);
			assertThat(ask(two, OTHER_KEY, "The capital of France is what?").header("llm-proxy-cache"))
				.isEqualTo("miss");
			assertThat(upstream.requests()).hasSize(2);
			forgetAll(one);
			assertThat(redis.command("DBSIZE")).isEqualTo(":0\r\n");
			assertThat(ask(two, TestServer.KEY, "The capital of France, what is it?").header("llm-proxy-cache"))
				.isEqualTo("miss");
		}
	}

	/** The permissions that the documentation asks for. */
	private static String[] documentedUser() {
		return ("--user default on nopass ~llm-proxy:cache:* &llm-proxy:cache:* -@all +@connection +getrange +set "
				+ "+unlink +exists +scan +publish +subscribe +unsubscribe +vsim +vadd +vrem +vcard +vrandmember "
				+ "+vgetattr +pexpire +dbsize")
			.split(" ");
	}

	private static TestServer server(RedisServer redis, ScriptedUpstream upstream) {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("spring.data.redis.port", Integer.toString(redis.port()));
		properties.put("llm-proxy.providers.up.type", "openai-compatible");
		properties.put("llm-proxy.providers.up.base-url", upstream.url() + "/v1");
		properties.put("llm-proxy.access.keys[1].id", "other");
		properties.put("llm-proxy.access.keys[1].key", OTHER_KEY);
		properties.put("llm-proxy.cache.enabled", "true");
		properties.put("llm-proxy.cache.store", "redis");
		properties.put("llm-proxy.cache.redis.deadline", "50ms");
		properties.put("llm-proxy.cache.redis.probe-interval", "50ms");
		properties.put("llm-proxy.cache.semantic.enabled", "true");
		properties.put("llm-proxy.cache.semantic.store", "redis");
		properties.put("management.endpoints.web.exposure.include", "llmcache");
		return TestServer.start(properties, LlmProxyServer.class, Vectors.class);
	}

	private static RawResponse ask(TestServer node, String key, String text) {
		try (RawHttpClient client = node.client()) {
			return client.post("/v1/chat/completions",
					Map.of("authorization", "Bearer " + key, "content-type", "application/json"),
					"{\"model\":\"up/m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"" + text
							+ "\"}]}");
		}
	}

	private static void forgetAll(TestServer node) {
		try (RawHttpClient operator = RawHttpClient.connect(node.managementPort())) {
			RawResponse forgotten = operator.send("DELETE", "/actuator/llmcache?model=up/*", Map.of(), new byte[0])
				.readResponse();
			assertThat(forgotten.json().at("/shared").asLong()).isEqualTo(2);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Vectors {

		/** The words that a text has, whatever their order. */
		@Bean
		Embedder words() {
			return (text) -> Mono.fromSupplier(() -> {
				float[] vector = new float[256];
				for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
					vector[Math.floorMod(word.hashCode(), vector.length)]++;
				}
				return vector;
			});
		}

	}

}
