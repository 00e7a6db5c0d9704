package dev.llmproxy.server;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A connection goes on to be read, however its requests come in. */
@Tag("once")
class KeepAliveTest {

	private static TestServer server;

	@BeforeAll
	static void start() {
		server = TestServer.start(Map.of("management.endpoints.web.exposure.include", "health"));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void requestsAfterPipelinedOnesAreAnsweredByTheManagementPort() {
		goesOn(server.managementPort(), "/actuator/health");
	}

	@Test
	void requestsAfterPipelinedOnesAreAnsweredWhereTheLaneDoesNotServe() {
		goesOn(server.port(), "/v1/models");
	}

	private static void goesOn(int port, String path) {
		String request = "GET " + path + " HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer " + TestServer.KEY
				+ "\r\n\r\n";
		try (RawHttpClient client = RawHttpClient.connect(port)) {
			for (int i = 0; i < 50; i++) {
				client.send((request + request).getBytes(StandardCharsets.US_ASCII));
				assertThat(client.readResponse().status()).isEqualTo(200);
				assertThat(client.readResponse().status()).isEqualTo(200);
				client.send(request.getBytes(StandardCharsets.US_ASCII));
				assertThat(client.readResponse().status()).isEqualTo(200);
			}
		}
	}

}
