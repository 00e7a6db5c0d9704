package dev.llmproxy.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A server without keys serves its own machine. */
@ExtendWith(OutputCaptureExtension.class)
class LocalServerTest {

	private static ConfigurableApplicationContext local;

	private static List<String> told;

	@BeforeAll
	static void start(CapturedOutput output) {
		local = AddressGuardTest.run("--logging.level.dev.llmproxy=info");
		told = output.getOut().lines().filter((line) -> line.contains("AddressGuard")).toList();
	}

	@AfterAll
	static void stop() {
		local.close();
	}

	@Test
	void withoutKeysTheServerListensOnTheLoopbackAddressOnlyAndSaysSo() throws SocketException {
		assertThat(told).singleElement()
			.asString()
			.contains(" INFO ", "loopback address only", "LLM_PROXY_API_KEY", "llm-proxy.access.keys[0].key");
		Optional<InetAddress> outside = outside();
		if (outside.isPresent()) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> new Socket()
				.connect(new InetSocketAddress(outside.get(), AddressGuardTest.port(local)), 2000));
		}
		try (RawHttpClient client = RawHttpClient.connect(AddressGuardTest.port(local))) {
			assertThat(client.get("/v1/models", Map.of()).status()).isEqualTo(200);
			// SDKs insist on sending some key.
			assertThat(client.get("/v1/models", Map.of("x-api-key", "dummy")).status()).isEqualTo(200);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1", "Via: 1.1 proxy",
			"X-Real-IP: 10.0.0.1", "Origin: https://evil.example.com", "Origin: null",
			"Origin: http://127.0.0.1.evil.example.com" })
	void whoOnlySeemsToBeNearIsNotLetIn(String header) {
		String[] parts = header.split(": ", 2);
		try (RawHttpClient client = RawHttpClient.connect(AddressGuardTest.port(local))) {
			RawResponse response = client.get("/v1/models", Map.of(parts[0], parts[1]));
			assertThat(response.status()).isEqualTo(401);
			assertThat(response.json().at("/error/code").asString()).isEqualTo("missing_api_key");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost:3000", "http://127.0.0.1:8080", "http://[::1]:5173" })
	void pagesOfTheSameMachineAreLetIn(String origin) {
		try (RawHttpClient client = RawHttpClient.connect(AddressGuardTest.port(local))) {
			assertThat(client.get("/v1/models", Map.of("origin", origin)).status()).isEqualTo(200);
		}
	}

	private static Optional<InetAddress> outside() throws SocketException {
		return Collections.list(NetworkInterface.getNetworkInterfaces())
			.stream()
			.flatMap((network) -> Collections.list(network.getInetAddresses()).stream())
			.filter((address) -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
			.findFirst();
	}

}
