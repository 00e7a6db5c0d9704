package dev.llmproxy.server;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** The API's documentation is behind the key, and true. */
@ExtendWith(OutputCaptureExtension.class)
class ApiDocumentTest {

	private static TestServer server;

	private static String told;

	@BeforeAll
	static void start(CapturedOutput output) {
		server = TestServer.start(Map.of("llm-proxy.web.base-path", "/llm", "logging.level.root", "info"));
		told = output.getAll();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void theServerStartsWithoutWarnings() {
		assertThat(told).contains("is ready").doesNotContain(" WARN ", " ERROR ", "password");
	}

	@Test
	void theDocumentIsBehindTheKey() {
		for (String path : List.of("/v3/api-docs", "/v3/api-docs.yaml", "/v3/api-docs/swagger-config",
				"/swagger-ui.html", "/swagger-ui/index.html", "/swagger-ui/swagger-ui.css")) {
			try (RawHttpClient client = server.client()) {
				assertThat(client.get(path, Map.of()).status()).as(path).isEqualTo(401);
				assertThat(client.get(path, TestServer.headers()).status()).as(path).isIn(200, 302);
			}
		}
	}

	@Test
	void everyPathOfTheDocumentIsTheGateways() {
		JsonNode document = document();
		TreeSet<String> paths = new TreeSet<>(document.path("paths").propertyNames());
		assertThat(paths).hasSize(22)
			.contains("/llm/v1/chat/completions", "/llm/v1/messages", "/llm/v1beta/models/{model}:generateContent");
		for (String path : paths) {
			for (String method : document.path("paths").path(path).propertyNames()) {
				if (method.equals("parameters")) {
					continue;
				}
				String concrete = path.replaceAll("\\{[^}]*}", "x");
				try (RawHttpClient client = server.client()) {
					String upper = method.toUpperCase(Locale.ROOT);
					RawResponse response = client.send(upper, concrete, TestServer.headers(), new byte[0])
						.readResponse();
					assertThat(response.text()).as(upper + " " + path).doesNotContain("unknown_path");
					assertThat(response.status()).as(upper + " " + path).isNotEqualTo(405);
				}
			}
		}
	}

	@Test
	void everyReferenceOfTheDocumentLeadsSomewhere() {
		JsonNode document = document();
		assertThat(document.findValues("$ref")).isNotEmpty().allSatisfy((reference) -> {
			String pointer = reference.asString().substring(1);
			assertThat(document.at(pointer).isMissingNode()).as(pointer).isFalse();
		});
		assertThat(document.at("/components/securitySchemes").propertyNames()).containsExactlyInAnyOrder("bearer",
				"x-api-key", "x-goog-api-key", "api-key");
		assertThat(StreamSupport.stream(document.at("/paths/~1llm~1v1~1messages/post/security").spliterator(), false))
			.hasSize(4);
		assertThat(document.at("/info/title").asString()).isEqualTo("LLM Proxy");
	}

	private static JsonNode document() {
		try (RawHttpClient client = server.client()) {
			return client.get("/v3/api-docs", TestServer.headers()).json();
		}
	}

}
