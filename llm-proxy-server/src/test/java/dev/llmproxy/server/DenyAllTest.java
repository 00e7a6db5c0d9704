package dev.llmproxy.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.security.core.userdetails.ReactiveUserDetailsService;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.handler.AbstractUrlHandlerMapping;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/** S5, S11 and S12: without a key nothing answers but what is documented. */
class DenyAllTest {

	private static final String[] GATEWAY = { "/v1/chat/completions", "/v1/completions", "/v1/responses",
			"/v1/embeddings", "/v1/moderations", "/v1/images/generations", "/v1/audio/speech",
			"/v1/audio/transcriptions", "/v1/rerank", "/v1/messages", "/v1/messages/count_tokens", "/v1/models",
			"/v1/models/x", "/v1beta/models", "/v1beta/models/x", "/v1beta/models/x:generateContent",
			"/v1beta/models/x:streamGenerateContent", "/v1beta/models/x:countTokens", "/v1beta/models/x:embedContent",
			"/providers/up/v1/files" };

	private static TestServer server;

	@BeforeAll
	static void start() {
		server = TestServer.start(Map.of("management.endpoints.access.default", "unrestricted"));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void s12NoMappedHandlerAnswersAnonymousCallers() {
		Set<String> paths = mappedPaths();
		assertThat(paths).contains("/v3/api-docs", "/swagger-ui.html", "/actuator/env", "/v1/messages");
		List<String> open = new ArrayList<>();
		for (String path : paths) {
			for (String method : List.of("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE")) {
				int status = call(server.port(), method, path, Map.of()).status();
				// Spring's firewall refuses TRACE before anybody looks at the path.
				if (status != 401 && status != 403 && status != 404 && !(method.equals("TRACE") && status == 400)) {
					open.add(method + " " + path + " " + status);
				}
			}
		}
		assertThat(open).isEmpty();
	}

	@Test
	void s12TheRouterFunctionsAreTheOnesTestedHere() {
		assertThat(server.context().getBeansOfType(RouterFunction.class)).hasSize(1);
		assertThat(server.context().getBeansOfType(SecurityWebFilterChain.class)).hasSize(2);
		assertThat(server.context().getBeansOfType(ReactiveUserDetailsService.class)).isEmpty();
	}

	@Test
	void s11ActuatorIsNotOnThePublicPortWithAKeyEither() {
		for (PathMappedEndpoints endpoints : server.context().getBeansOfType(PathMappedEndpoints.class).values()) {
			endpoints.getAllPaths()
				.forEach((path) -> assertThat(call(server.port(), "GET", path, TestServer.headers()).status())
					.isEqualTo(404));
		}
	}

	@ParameterizedTest
	@CsvSource({ "/actuator/health,200", "/actuator/health/liveness,200", "/actuator/health/readiness,200",
			"/actuator/prometheus,200", "/actuator,404", "/actuator/env,404", "/actuator/configprops,404",
			"/actuator/heapdump,404", "/actuator/loggers,404", "/actuator/metrics,404", "/actuator/beans,404",
			"/actuator/shutdown,404", "/actuator/threaddump,404", "/actuator/mappings,404", "/v3/api-docs,404",
			"/swagger-ui.html,404", "/swagger-ui/index.html,404", "/nothing,404", "/actuator/health/ping,404" })
	void s11TheManagementPortOffersHealthAndPrometheusOnly(String path, int status) {
		RawResponse response = call(server.managementPort(), "GET", path, Map.of());
		assertThat(response.status()).as(response.text()).isEqualTo(status);
		assertThat(response.text()).doesNotContain("timestamp", "diskSpace", "\"details\"", "\"components\"");
	}

	@Test
	void s11TheGatewayIsNotOnTheManagementPort() {
		for (String path : GATEWAY) {
			assertThat(call(server.managementPort(), "POST", path, TestServer.headers()).status()).isEqualTo(404);
			assertThat(call(server.managementPort(), "GET", path, Map.of()).status()).isIn(401, 404);
		}
	}

	@Test
	void s14TheManagementPortReadsAsStrictly() {
		try (RawHttpClient client = RawHttpClient.connect(server.managementPort())) {
			assertThat(client.send("GET /actuator/health HTTP/1.1\r\n\r\n").readResponse().status()).isEqualTo(400);
		}
	}

	private static Set<String> mappedPaths() {
		Set<String> paths = new TreeSet<>(List.of(GATEWAY));
		server.context()
			.getBeansOfType(RequestMappingHandlerMapping.class)
			.values()
			.forEach((mapping) -> mapping.getHandlerMethods()
				.keySet()
				.forEach((info) -> info.getPatternsCondition()
					.getPatterns()
					.forEach((pattern) -> paths.add(concrete(pattern.getPatternString())))));
		server.context()
			.getBeansOfType(AbstractUrlHandlerMapping.class)
			.values()
			.forEach((mapping) -> mapping.getHandlerMap()
				.keySet()
				.forEach((pattern) -> paths.add(concrete(pattern.getPatternString()))));
		for (PathMappedEndpoints endpoints : BeanFactoryUtils
			.beansOfTypeIncludingAncestors(server.context(), PathMappedEndpoints.class)
			.values()) {
			paths.addAll(endpoints.getAllPaths());
		}
		paths.addAll(List.of("/actuator", "/actuator/env", "/actuator/heapdump", "/actuator/health"));
		assertThat(server.context().getBeansOfType(HealthEndpoint.class)).isNotEmpty();
		return paths;
	}

	private static String concrete(String pattern) {
		return pattern.replaceAll("\\{\\*[^}]*}", "x")
			.replaceAll("\\{[^}]*}", "x")
			.replace("**", "x")
			.replace("*", "x");
	}

	private static RawResponse call(int port, String method, String path, Map<String, String> headers) {
		try (RawHttpClient client = RawHttpClient.connect(port)) {
			return client.send(method, path.startsWith("/") ? path : "/" + path, headers, new byte[0]).readResponse();
		}
	}

}
