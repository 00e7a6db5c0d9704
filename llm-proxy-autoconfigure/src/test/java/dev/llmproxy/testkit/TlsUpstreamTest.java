package dev.llmproxy.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class TlsUpstreamTest {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static HttpResponse<String> get(ScriptedUpstream upstream, SSLContext trust, Duration timeout)
			throws Exception {
		HttpClient client = HttpClient.newBuilder().sslContext(trust).build();
		return client.send(HttpRequest.newBuilder(upstream.url()).timeout(timeout).build(), BodyHandlers.ofString());
	}

	private static SSLContext trust() {
		return TestAuthority.shared().clientContext();
	}

	@Test
	void servesClientsThatTrustTheAuthority() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.startTls(TlsProfile.VALID)) {
			upstream.enqueue(Script.json(200, "{}"));
			assertThat(upstream.url().getScheme()).isEqualTo("https");
			assertThat(get(upstream, trust(), SOON).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void isRefusedByClientsThatDoNotKnowTheAuthority() throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.startTls(TlsProfile.VALID)) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> get(upstream, SSLContext.getDefault(), SOON));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "WRONG_HOST", "EXPIRED", "SELF_SIGNED" })
	void isRefusedWithABadCertificate(TlsProfile profile) throws Exception {
		try (ScriptedUpstream upstream = ScriptedUpstream.startTls(profile)) {
			upstream.answerWith(Script.json(200, "{}"));
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> get(upstream, trust(), SOON));
			assertThat(upstream.awaitPeerClosed(SOON).how()).isNotEqualTo(PeerClosed.How.MALFORMED_REQUEST);
			assertThat(upstream.requests()).isEmpty();
		}
	}

	@Test
	void stallsTheHandshake() {
		try (ScriptedUpstream upstream = ScriptedUpstream.startTls(TlsProfile.STALLED_HANDSHAKE)) {
			assertThat(upstream.url().getScheme()).isEqualTo("https");
			assertThatExceptionOfType(HttpTimeoutException.class)
				.isThrownBy(() -> get(upstream, trust(), Duration.ofMillis(300)));
			await().atMost(SOON).until(() -> upstream.connectionsAccepted() == 1);
			assertThat(upstream.connections().get(0).bytesRead()).isPositive();
		}
	}

	@Test
	void resetsAndCutsUnderTls() {
		try (ScriptedUpstream upstream = ScriptedUpstream.startTls(TlsProfile.VALID)) {
			upstream.enqueue(Script.sseHead().event("a").reset(), Script.sseHead().event("a").fin(),
					Script.script().status(200).closeDelimited().write("all"));
			try (RawHttpClient client = exchange(upstream)) {
				client.readHead();
				client.readEvent(SOON);
				assertThat(client.awaitClosed(SOON)).isEqualTo(RawHttpClient.Closed.RESET);
			}
			try (RawHttpClient client = exchange(upstream)) {
				assertThatExceptionOfType(WireFormatException.class).isThrownBy(client::readResponse);
			}
			try (RawHttpClient client = exchange(upstream)) {
				assertThat(client.readResponse().text()).isEqualTo("all");
			}
			assertThat(upstream.awaitPeerClosed(SOON).how()).isEqualTo(PeerClosed.How.FIN);
		}
	}

	private static RawHttpClient exchange(ScriptedUpstream upstream) {
		return RawHttpClient.connectTls(upstream.port(), trust()).sendPost("/", Map.of(), "{}");
	}

	@Test
	void handsOutTheAuthority(@TempDir Path directory) throws Exception {
		TestAuthority.shared().writeTo(directory);
		try (InputStream pem = Files.newInputStream(directory.resolve("authority.pem"));
				InputStream p12 = Files.newInputStream(directory.resolve("authority.p12"))) {
			X509Certificate fromPem = (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(pem);
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(p12, TestAuthority.PASSWORD.toCharArray());
			assertThat(store.getCertificate("authority")).isEqualTo(fromPem);
			fromPem.verify(fromPem.getPublicKey());
			assertThat(fromPem.getBasicConstraints()).isNotNegative();
		}
	}

}
