package dev.llmproxy.provider.google;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

import com.google.auth.oauth2.GoogleCredentials;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.provider.Authenticator;
import dev.llmproxy.provider.OutboundRequest;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class GoogleOAuthAuthenticatorTest {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final JsonMapper JSON = JsonMapper.shared();

	private static KeyPair keys;

	private final ScriptedUpstream tokens = ScriptedUpstream.start();

	/** Ahead of the real time by this much. */
	private volatile Duration passed = Duration.ZERO;

	@BeforeAll
	static void makeKeys() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
		generator.initialize(2048);
		keys = generator.generateKeyPair();
	}

	@AfterEach
	void close() {
		this.tokens.close();
	}

	private GoogleCredentials serviceAccount(@Nullable String quotaProject) throws IOException {
		ObjectNode json = JSON.createObjectNode()
			.put("type", "service_account")
			.put("project_id", "project")
			.put("private_key_id", "key-1")
			.put("private_key",
					"-----BEGIN PRIVATE KEY-----\n"
							+ Base64.getMimeEncoder().encodeToString(keys.getPrivate().getEncoded())
							+ "\n-----END PRIVATE KEY-----\n")
			.put("client_email", "gateway@project.iam.gserviceaccount.com")
			.put("client_id", "1")
			.put("token_uri", this.tokens.url() + "/token");
		if (quotaProject != null) {
			json.put("quota_project_id", quotaProject);
		}
		return GoogleCredentials.fromStream(new ByteArrayInputStream(JSON.writeValueAsBytes(json)));
	}

	private Authenticator authenticator(Callable<GoogleCredentials> loader) {
		return new GoogleOAuthAuthenticator("vertex", loader, Schedulers.boundedElastic(),
				() -> Instant.now().plus(this.passed));
	}

	private Authenticator authenticator() {
		return authenticator(() -> serviceAccount(null));
	}

	private static Script token(String value) {
		return Script.json(200, "{\"access_token\":\"" + value + "\",\"expires_in\":3599,\"token_type\":\"Bearer\"}");
	}

	private static OutboundRequest request() {
		return new OutboundRequest("POST", URI.create("https://aiplatform.googleapis.com/v1"), new DefaultHttpHeaders(),
				new byte[0], null);
	}

	private static OutboundRequest authenticated(Authenticator authenticator) {
		OutboundRequest request = authenticator.authenticate(request()).block(SOON);
		assertThat(request).isNotNull();
		return request;
	}

	private static String authorization(Authenticator authenticator) {
		return authenticated(authenticator).headers().get("authorization");
	}

	@Test
	void exchangesASignedAssertionForAToken() throws Exception {
		this.tokens.enqueue(token("ya29.one"));
		assertThat(authorization(authenticator())).isEqualTo("Bearer ya29.one");
		RecordedRequest request = this.tokens.takeRequest(SOON);
		assertThat(request.path()).isEqualTo("/token");
		String assertion = request.text().replaceFirst(".*assertion=([^&]*).*", "$1");
		String[] parts = assertion.split("\\.");
		Signature signature = Signature.getInstance("SHA256withRSA");
		signature.initVerify(keys.getPublic());
		signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
		assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
		JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
		assertThat(claims.path("scope").stringValue()).isEqualTo("https://www.googleapis.com/auth/cloud-platform");
		assertThat(claims.path("iss").stringValue()).isEqualTo("gateway@project.iam.gserviceaccount.com");
	}

	@Test
	void asksOnceForAllWhoWaitAndOffTheEventLoop() {
		this.tokens.enqueue(token("ya29.one"));
		List<String> threads = new CopyOnWriteArrayList<>();
		Authenticator authenticator = authenticator(() -> {
			threads.add(Thread.currentThread().getName());
			return serviceAccount(null);
		});
		Mono<OutboundRequest> asked = Mono.defer(() -> authenticator.authenticate(request()))
			.subscribeOn(Schedulers.parallel());
		Mono.when(asked, asked, asked).block(SOON);
		assertThat(authorization(authenticator)).isEqualTo("Bearer ya29.one");
		assertThat(this.tokens.requests()).hasSize(1);
		assertThat(threads).singleElement().asString().startsWith("boundedElastic");
	}

	@Test
	void renewsAheadOfTheEndWithoutMakingAnyoneWait() {
		this.tokens.enqueue(token("ya29.one"), token("ya29.two"));
		Authenticator authenticator = authenticator();
		authorization(authenticator);
		this.passed = Duration.ofMinutes(57);
		assertThat(authorization(authenticator)).isEqualTo("Bearer ya29.one");
		Awaitility.await().until(() -> authorization(authenticator).equals("Bearer ya29.two"));
		assertThat(this.tokens.requests()).hasSize(2);
	}

	@Test
	void asksAgainWhenTheProviderRefusedTheToken() {
		this.tokens.enqueue(token("ya29.one"), token("ya29.two"));
		Authenticator authenticator = authenticator();
		OutboundRequest first = authenticated(authenticator);
		this.passed = Duration.ofMinutes(1);
		authenticator.refused(first.credential(), Duration.ofMinutes(1));
		assertThat(authorization(authenticator)).isEqualTo("Bearer ya29.two");
	}

	@Test
	void namesTheProjectThatPays() {
		this.tokens.enqueue(token("ya29.one"));
		OutboundRequest request = authenticated(authenticator(() -> serviceAccount("payer")));
		assertThat(request.headers().get("x-goog-user-project")).isEqualTo("payer");
	}

	@Test
	void saysWhatToDoWithoutCredentials() {
		expectUnavailable(authenticator(() -> {
			throw new IOException("no credentials, canary");
		}));
	}

	@Test
	void saysWhatToDoWhenTheExchangeIsRefused() {
		this.tokens.answerWith(Script.json(400, "{\"error\":\"invalid_grant\",\"error_description\":\"canary\"}"));
		expectUnavailable(authenticator());
	}

	private static void expectUnavailable(Authenticator authenticator) {
		assertThatExceptionOfType(LlmException.class).isThrownBy(() -> authenticated(authenticator)).satisfies((ex) -> {
			assertThat(ex.kind()).isEqualTo(ErrorKind.UPSTREAM_AUTHENTICATION);
			assertThat(ex.getMessage()).contains("'vertex'", "GOOGLE_APPLICATION_CREDENTIALS").doesNotContain("canary");
		});
	}

	@Test
	void printsNoToken() {
		this.tokens.enqueue(token("ya29.canary"));
		OutboundRequest request = authenticated(authenticator());
		assertThat(request.toString()).doesNotContain("canary");
		assertThat(String.valueOf(request.credential())).doesNotContain("canary");
		assertThat(new GoogleToken("canary", null).toString()).doesNotContain("canary");
	}

}
