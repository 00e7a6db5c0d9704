package dev.llmproxy.server;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

import dev.llmproxy.testkit.RawHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A server without keys does not listen to the network unless told to. */
@ExtendWith(OutputCaptureExtension.class)
class AddressGuardTest {

	@ParameterizedTest
	@ValueSource(strings = { "0.0.0.0", "::" })
	void withoutKeysTheServerRefusesToListenElsewhere(String address) {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> run("--server.address=" + address))
			.withStackTraceContaining("server.address: no key is configured");
	}

	@Test
	void anonymousAccessElsewhereHasToBeAskedFor(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run("--server.address=0.0.0.0",
				"--llm-proxy.access.anonymous=true"); RawHttpClient client = RawHttpClient.connect(port(context))) {
			assertThat(output.getOut().lines().filter((line) -> line.contains(" WARN "))).singleElement()
				.asString()
				.contains("llm-proxy.access.anonymous=true");
			assertThat(client.get("/v1/models", Map.of("x-forwarded-for", "10.0.0.1")).status()).isEqualTo(200);
		}
	}

	@Test
	void anUnknownKeyIsRefusedWhereThereAreKeysEvenIfNoneIsNeeded() {
		try (ConfigurableApplicationContext context = run("--llm-proxy.access.anonymous=true",
				"--LLM_PROXY_API_KEY=0123456789abcdef0123456789");
				RawHttpClient client = RawHttpClient.connect(port(context))) {
			assertThat(client.get("/v1/models", Map.of()).status()).isEqualTo(200);
			assertThat(client.get("/v1/models", Map.of("api-key", "0123456789abcdef0123456789")).status())
				.isEqualTo(200);
			assertThat(client.get("/v1/models", Map.of("api-key", "wrong")).status()).isEqualTo(401);
		}
	}

	static int port(ConfigurableApplicationContext context) {
		return ((WebServerApplicationContext) context).getWebServer().getPort();
	}

	static ConfigurableApplicationContext run(String... arguments) {
		SpringApplication application = new SpringApplication(LlmProxyServer.class);
		application.setDefaultProperties(Map.of("logging.level.root", "warn"));
		return application.run(
				Stream
					.concat(Stream.of("--server.port=0", "--management.server.port=0",
							"--llm-proxy.detect-providers=false"), Arrays.stream(arguments))
					.toArray(String[]::new));
	}

}
