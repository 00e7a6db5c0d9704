package dev.llmproxy.server;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import ch.qos.logback.classic.Level;
import dev.llmproxy.testkit.RawHttpClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With TLS the protocol is settled by the handshake, and what is HTTP/1.1 then is read as
 * strictly as without.
 */
class TlsConnectionTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String PASSWORD = "changeit";

	@TempDir
	static Path directory;

	private static TestServer server;

	private static SSLContext trust;

	@BeforeAll
	static void start() throws Exception {
		Path store = directory.resolve("server.p12");
		int status = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
				"san=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass",
				PASSWORD)
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("keytool.log").toFile())
			.start()
			.waitFor();
		assertThat(status).isZero();
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(store)) {
			keys.load(in, PASSWORD.toCharArray());
		}
		KeyStore trusted = KeyStore.getInstance("PKCS12");
		trusted.load(null, null);
		trusted.setCertificateEntry("server", keys.getCertificate("server"));
		TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		managers.init(trusted);
		trust = SSLContext.getInstance("TLS");
		trust.init(null, managers.getTrustManagers(), null);
		server = TestServer.start(Map.of("server.ssl.key-store", store.toString(), "server.ssl.key-store-password",
				PASSWORD, "server.http2.enabled", "true", "management.server.ssl.enabled", "false"));
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void honestRequestsAreAnswered() {
		try (RawHttpClient client = RawHttpClient.connectTls(server.port(), trust)) {
			assertThat(client.get("/v1/models", TestServer.headers()).status()).isEqualTo(200);
			assertThat(client.get("/v1/models", Map.of()).status()).isEqualTo(401);
		}
	}

	@Test
	void malformedRequestsAreRefusedAndTheConnectionEnds() {
		try (Logs logs = Logs.capture(); RawHttpClient client = RawHttpClient.connectTls(server.port(), trust)) {
			client.send("GET /v1/models HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n");
			assertThat(client.readResponse(PATIENCE).status()).isEqualTo(400);
			client.awaitClosed(PATIENCE);
			assertThat(logs.from(Level.WARN)).isEmpty();
		}
	}

	@Test
	void whoSpeaksNoTlsLeavesNoTrace() {
		try (Logs logs = Logs.capture(); RawHttpClient client = RawHttpClient.connect(server.port())) {
			client.send("GET /v1/models HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer canary\r\n\r\n");
			client.awaitClosed(PATIENCE);
			assertThat(logs.from(Level.WARN)).isEmpty();
		}
	}

}
