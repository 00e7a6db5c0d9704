package dev.llmproxy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S10 (and fault 80), the callers' side: planted keys turn up in no log, error, actuator
 * endpoint or {@code toString}, even where values were asked for.
 */
@ExtendWith(OutputCaptureExtension.class)
class CanaryTest {

	private static final String CANARY = "canary-7f3a91c4e8";

	@TempDir
	Path directory;

	@Test
	void s10KeysTurnUpNowhere(CapturedOutput output) throws IOException {
		Path file = Files.writeString(this.directory.resolve("key"), CANARY + "-file\n");
		List<String> seen = new ArrayList<>();
		try (ScriptedUpstream upstream = ScriptedUpstream.start().answerWith(Script.json(200, "{\"choices\":[]}"));
				TestServer server = TestServer.withUpstream(upstream.url(),
						Map.ofEntries(Map.entry("llm-proxy.access.keys[1].id", "one"),
								Map.entry("llm-proxy.access.keys[1].key", CANARY + "-key"),
								Map.entry("llm-proxy.access.keys[2].id", "two"),
								Map.entry("llm-proxy.access.keys[2].key-file", file.toString()),
								Map.entry("LLM_PROXY_API_KEY", CANARY + "-env"),
								Map.entry("LLM_PROXY_API_KEYS", CANARY + "-env-1," + CANARY + "-env-2"),
								Map.entry("llm-proxy.providers.up.headers.x-private", CANARY + "-header"),
								Map.entry("management.endpoints.web.exposure.include", "*"),
								Map.entry("management.endpoint.env.show-values", "always"),
								Map.entry("management.endpoint.configprops.show-values", "always"),
								Map.entry("logging.level.dev.llmproxy", "debug")))) {
			for (String suffix : List.of("-key", "-file", "-env", "-env-1", "-env-2")) {
				assertThat(call(server, CANARY + suffix, seen)).isEqualTo(200);
			}
			assertThat(call(server, CANARY + "-wrong", seen)).isEqualTo(401);
			provoke(server, seen);
			for (String path : List.of("env", "configprops", "beans", "mappings", "conditions", "metrics", "prometheus",
					"loggers", "health", "info")) {
				try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
					seen.add(client.get("/actuator/" + path, Map.of()).text());
				}
			}
			assertThat(seen).anyMatch((text) -> text.contains("\"llm-proxy.access.keys[1].key\""));
			seen.addAll(describe(server.context()));
		}
		assertThat(output.getAll()).contains("malformed_header");
		seen.add(output.getAll());
		assertThat(seen).noneMatch((text) -> text.contains(CANARY));
	}

	private static int call(TestServer server, String key, List<String> seen) {
		try (RawHttpClient client = server.client()) {
			RawResponse response = client.post("/v1/chat/completions", Map.of("authorization", "Bearer " + key),
					"{\"model\":\"up/m\",\"messages\":[]}");
			seen.add(response.toString());
			return response.status();
		}
	}

	/** Requests that go wrong, with a key in them. */
	private static void provoke(TestServer server, List<String> seen) {
		String key = "Authorization: Bearer " + CANARY + "-key\r\nx-api-key: " + CANARY + "-key\r\n";
		for (String request : List.of("GET /v1/models HTTP/1.1\r\n" + key + "\r\n",
				"GET /v1/models?key=" + CANARY + "-key HTTP/1.1\r\nHost: h\r\n\r\n",
				"GET /nothing?key=" + CANARY + "-key HTTP/1.1\r\nHost: h\r\n" + key + "\r\n",
				"GET /v1/models HTTP/1.1\r\nHost: h\r\n" + key + " folded\r\n\r\n",
				"POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\n" + key + "Content-Length: 3\r\n\r\n{x}",
				"GET /v1/models/%zz?key=" + CANARY + " HTTP/1.1\r\nHost: h\r\n" + key + "\r\n",
				"GET /a;b?key=" + CANARY + " HTTP/1.1\r\nHost: h\r\n" + key + "\r\n")) {
			try (RawHttpClient client = server.client()) {
				seen.add(client.send(request).readResponse(Duration.ofSeconds(20)).toString());
			}
		}
	}

	private static List<String> describe(ConfigurableApplicationContext context) {
		return ConfigurationPropertiesBean.getAll(context)
			.values()
			.stream()
			.filter((bean) -> bean.getName().startsWith("llm-proxy"))
			.map((bean) -> String.valueOf(bean.getInstance()))
			.toList();
	}

}
