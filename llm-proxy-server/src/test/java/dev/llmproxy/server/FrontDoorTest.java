package dev.llmproxy.server;

import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Keys, paths, methods, and errors in the caller's dialect. */
class FrontDoorTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String CHAT = "{\"model\":\"up/m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

	private static ScriptedUpstream upstream;

	private static TestServer server;

	@BeforeAll
	static void start() {
		upstream = ScriptedUpstream.start().answerWith(Script.json(200, "{\"choices\":[],\"data\":[]}"));
		server = TestServer.withUpstream(upstream.url(),
				Map.of("LLM_PROXY_API_KEY", "from-the-environment-0", "LLM_PROXY_API_KEYS",
						"from-the-environment-1, from-the-environment-2", "llm-proxy.access.keys[1].id", "few",
						"llm-proxy.access.keys[1].key", "only-some-models-0123", "llm-proxy.access.keys[1].models",
						"up/small-*"));
	}

	@AfterAll
	static void stop() {
		server.close();
		upstream.close();
	}

	@ParameterizedTest
	@CsvSource({ "Authorization,'Bearer '", "authorization,'bearer '", "x-api-key,''", "X-Goog-Api-Key,''",
			"api-key,''" })
	void keysAreAcceptedInEveryUsualHeader(String header, String prefix) {
		assertThat(post("/v1/chat/completions", Map.of(header, prefix + TestServer.KEY)).status()).isEqualTo(200);
		RawResponse wrong = post("/v1/chat/completions", Map.of(header, prefix + TestServer.KEY + "x"));
		assertThat(wrong.status()).isEqualTo(401);
		assertThat(wrong.json().at("/error/code").asString()).isEqualTo("invalid_api_key");
		assertThat(wrong.text()).doesNotContain(TestServer.KEY);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void keysOfTheEnvironmentAreAccepted(int number) {
		assertThat(post("/v1/chat/completions", Map.of("x-api-key", "from-the-environment-" + number)).status())
			.isEqualTo(200);
	}

	@Test
	void aKeyMayAllowSomeModelsOnly() {
		RawResponse response = post("/v1/chat/completions", Map.of("x-api-key", "only-some-models-0123"));
		assertThat(response.status()).isEqualTo(403);
		assertThat(response.json().at("/error/code").asString()).isEqualTo("key_model_access_denied");
	}

	@Test
	void withoutAKeyOpenAisErrorIsTold() {
		RawResponse response = post("/v1/chat/completions", Map.of());
		assertThat(response.status()).isEqualTo(401);
		assertThat(response.json().at("/error/type").asString()).isEqualTo("authentication_error");
		assertThat(response.json().at("/error").propertyNames()).containsExactlyInAnyOrder("message", "type", "param",
				"code");
		assertThat(response.header("www-authenticate")).isEqualTo("Bearer");
		assertThat(response.json().at("/request_id").asString()).isEqualTo(response.header("x-request-id"));
	}

	@Test
	void withoutAKeyAnthropicsErrorIsTold() {
		RawResponse response = post("/v1/messages", Map.of());
		assertThat(response.status()).isEqualTo(401);
		assertThat(response.json().at("/type").asString()).isEqualTo("error");
		assertThat(response.json().at("/error/type").asString()).isEqualTo("authentication_error");
		assertThat(response.json().at("/request_id").asString()).isEqualTo(response.header("x-request-id"))
			.isEqualTo(response.header("request-id"));
	}

	@Test
	void withoutAKeyGooglesErrorIsTold() {
		RawResponse response = post("/v1beta/models/up%2Fm:generateContent", Map.of());
		assertThat(response.status()).isEqualTo(401);
		assertThat(response.json().at("/error/code").asInt()).isEqualTo(401);
		assertThat(response.json().at("/error/status").asString()).isEqualTo("UNAUTHENTICATED");
		assertThat(response.text()).contains(response.header("x-request-id"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/v1/chat/completions", "/v1/messages", "/v1beta/models/up%2Fm:generateContent" })
	void malformedRequestsAreToldInTheDialectOfTheirPath(String path) {
		String refused = raw("POST " + path + " HTTP/1.1\r\nContent-Length: 0\r\n\r\n").text();
		assertThat(refused).contains(path.startsWith("/v1beta") ? "INVALID_ARGUMENT" : "invalid_request_error");
		assertThat(refused.startsWith("{\"type\":\"error\"")).isEqualTo(path.equals("/v1/messages"));
	}

	@Test
	void aHarmlessRequestIdIsKeptAndAnyOtherReplaced() {
		Map<String, String> headers = new LinkedHashMap<>(TestServer.headers());
		headers.put("x-request-id", "mine-42");
		RawResponse kept = post("/v1/chat/completions", headers);
		assertThat(kept.header("x-request-id")).isEqualTo("mine-42");
		assertThat(raw("GET / HTTP/1.1\r\nx-request-id: mine-43\r\n\r\n").header("x-request-id")).isEqualTo("mine-43");
		headers.put("x-request-id", "<script>");
		assertThat(post("/v1/chat/completions", headers).header("x-request-id")).startsWith("req_");
	}

	@ParameterizedTest
	@CsvSource({ "GET,/v1/chat/completions,405,POST", "DELETE,/v1/messages,405,POST", "POST,/v1/models,405,GET",
			"PUT,/v1beta/models,405,GET", "TRACE,/v1/chat/completions,405,POST",
			"OPTIONS,/v1/chat/completions,204,POST", "OPTIONS,/v1/models,204,GET" })
	void aPathTellsWhichMethodsItTakes(String method, String path, int status, String allowed) {
		try (RawHttpClient client = server.client()) {
			RawResponse response = client.send(method, path, TestServer.headers(), new byte[0]).readResponse(PATIENCE);
			assertThat(response.status()).isEqualTo(status);
			assertThat(response.header("allow")).contains(allowed, "OPTIONS");
			assertThat(response.header("x-request-id")).isNotEmpty();
		}
	}

	@Test
	void headIsGetWithoutABody() {
		try (RawHttpClient client = server.client()) {
			RawResponse get = client.get("/v1/models", TestServer.headers());
			RawResponse head = client.send("HEAD", "/v1/models", TestServer.headers(), new byte[0])
				.readResponse(PATIENCE);
			assertThat(head.status()).isEqualTo(200);
			assertThat(head.header("content-length")).isEqualTo(get.header("content-length"));
			assertThat(
					client.send("HEAD", "/nothing", TestServer.headers(), new byte[0]).readResponse(PATIENCE).status())
				.isEqualTo(404);
			assertThat(client.get("/v1/models", TestServer.headers()).status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/nothing", "/v1", "/v1/nothing", "/v2/chat/completions", "//v1/chat/completions",
			"/v1;x/chat/completions", "/V1/chat/completions", "/v1/chat%2Fcompletions", "/actuator", "/actuator/health",
			"/actuator/env", "/error", "/login", "/logout", "/favicon.ico", "/index.html", "/webjars/", "/nothing%2e",
			"/a%2fb", "/a%25b", "/a;b", "/a%5cb" })
	void unknownPathsTellNothing(String path) {
		try (RawHttpClient client = server.client()) {
			RawResponse anonymous = client.get(path, Map.of());
			RawResponse known = client.get(path, TestServer.headers());
			// Spring's firewall refuses some before anybody looks at keys.
			assertThat(anonymous.status()).isIn(400, 401);
			assertThat(known.status()).isIn(400, 404);
			assertThat(anonymous.text() + known.text()).startsWith("{\"error\"")
				.doesNotContain("timestamp", "\"path\"", "Whitelabel", "trace", "exception")
				.doesNotContainIgnoringCase("spring");
			assertThat(known.headers().contains("set-cookie")).isFalse();
			assertThat(known.headers().contains("location")).isFalse();
		}
	}

	@Test
	void everyResponseHasTheSecurityHeadersAndNoneTellsTheServer() {
		for (RawResponse response : new RawResponse[] { post("/v1/chat/completions", TestServer.headers()),
				post("/v1/chat/completions", Map.of()), post("/nothing", TestServer.headers()),
				raw("GET / HTTP/1.1\r\n\r\n") }) {
			assertThat(response.header("x-content-type-options")).isEqualTo("nosniff");
			assertThat(response.header("cache-control")).isEqualTo("no-store");
			assertThat(response.header("x-frame-options")).isEqualTo("DENY");
			assertThat(response.headers().contains("server")).isFalse();
		}
	}

	@Test
	void theDocumentationTakesTheKeyAsAPassword() {
		String basic = "Basic " + Base64.getEncoder().encodeToString(("me:" + TestServer.KEY).getBytes());
		try (RawHttpClient client = server.client()) {
			RawResponse asked = client.get("/swagger-ui/index.html", Map.of());
			assertThat(asked.status()).isEqualTo(401);
			assertThat(asked.header("www-authenticate")).startsWith("Basic");
			assertThat(client.get("/swagger-ui/index.html", Map.of("authorization", basic)).status()).isEqualTo(200);
			assertThat(client.get("/v1/models", Map.of("authorization", basic)).status()).isEqualTo(401);
		}
	}

	private static RawResponse post(String path, Map<String, String> headers) {
		try (RawHttpClient client = server.client()) {
			return client.sendPost(path, headers, CHAT).readResponse(PATIENCE);
		}
	}

	private static RawResponse raw(String request) {
		try (RawHttpClient client = server.client()) {
			return client.send(request).readResponse(PATIENCE);
		}
	}

}
