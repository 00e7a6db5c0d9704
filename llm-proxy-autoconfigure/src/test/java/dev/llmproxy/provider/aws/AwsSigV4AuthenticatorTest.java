package dev.llmproxy.provider.aws;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.bedrock.BedrockCodec;
import dev.llmproxy.dialect.openai.OpenAiCodec;
import dev.llmproxy.gateway.BodyConversion;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Authenticator;
import dev.llmproxy.provider.Credential;
import dev.llmproxy.provider.HttpProvider;
import dev.llmproxy.provider.HttpProviderSpec;
import dev.llmproxy.provider.NettyTransport;
import dev.llmproxy.provider.OutboundRequest;
import dev.llmproxy.provider.ProviderPresets;
import dev.llmproxy.provider.Quirks;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Timeouts;
import dev.llmproxy.provider.TransportSettings;
import dev.llmproxy.provider.UpstreamLimits;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RecordedRequest;
import dev.llmproxy.testkit.Script;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.fake.FakeProvider;
import dev.llmproxy.testkit.fake.Fakes;
import dev.llmproxy.testkit.fake.SigV4;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AwsSigV4AuthenticatorTest {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final AwsCredentials KEYS = AwsBasicCredentials.create(SigV4.ACCESS_KEY, SigV4.SECRET_KEY);

	private static final LoopResources LOOPS = LoopResources.create("aws-test", 1, true);

	private static final OpenAiCodec OPEN_AI = new OpenAiCodec();

	private static final Codecs CODECS = new Codecs(List.of(OPEN_AI), List.of(OPEN_AI, new BedrockCodec()), List.of(),
			List.of());

	@AfterAll
	static void disposeLoops() {
		LOOPS.disposeLater(Duration.ZERO, SOON).block(SOON);
	}

	private static Authenticator authenticator(AwsCredentialsProvider chain) {
		return new AwsSigV4Authenticator("rock", "eu-central-1", chain, Schedulers.boundedElastic(), Clock.systemUTC());
	}

	private static HttpProvider provider(URI baseUrl, Authenticator authenticator) {
		HttpProviderSpec spec = new HttpProviderSpec("rock", "bedrock", "aws.bedrock", baseUrl,
				ProviderPresets.find("bedrock").endpoints(), null, Map.of(), null, authenticator, Quirks.NONE, false,
				false, Timeouts.DEFAULT, UpstreamLimits.DEFAULT, List.of(), List.of());
		return new HttpProvider(spec, CODECS, new NettyTransport("rock", LOOPS, TransportSettings.DEFAULT));
	}

	private static ChatResponse chat(HttpProvider provider, String model, String text, boolean stream) {
		byte[] body = ("{\"model\":\"m\",\"stream\":" + stream + ",\"messages\":[{\"role\":\"user\",\"content\":\""
				+ text + "\"}]}")
			.getBytes(StandardCharsets.UTF_8);
		LlmRequest request = LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.body(body, EnvelopeScanner.scan(body, JsonLimits.DEFAULT))
			.codec(OPEN_AI)
			.build();
		return provider.execute(new Attempt(request, Target.of(provider, model)))
			.flatMap((response) -> new BodyConversion(CODECS).whole(response.body()))
			.block(SOON);
	}

	/** Cases of the test suite that AWS publishes for Signature Version 4. */
	@ParameterizedTest
	@CsvSource({ "GET / HTTP/1.1,host;x-amz-date,5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
			"POST / HTTP/1.1,host;x-amz-date,5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
			"GET /?Param2=value2&Param1=value1 HTTP/1.1,host;x-amz-date,"
					+ "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
			"GET / HTTP/1.1;My-Header1: value2;My-Header1: value2;My-Header1: value1,host;my-header1;x-amz-date,"
					+ "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea" })
	void theVerifierOfTheseTestsAgreesWithAws(String start, String signedHeaders, String signature) {
		String request = start.replace(";", "\r\n") + "\r\nHost: example.amazonaws.com\r\n"
				+ "X-Amz-Date: 20150830T123600Z\r\nContent-Length: 0\r\nAuthorization: AWS4-HMAC-SHA256 "
				+ "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" + signedHeaders
				+ ", Signature=" + signature + "\r\n\r\n";
		try (ScriptedUpstream upstream = ScriptedUpstream.start().answerWith(Script.json(200, "{}"));
				RawHttpClient client = RawHttpClient.connect(upstream.url())) {
			client.send(request).readResponse();
			assertThat(SignatureVerifier.signature(upstream.takeRequest(SOON), SigV4.SECRET_KEY)).isEqualTo(signature);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "anthropic.claude-sonnet-4-5-20250929-v1:0",
			"arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2c3",
			"arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0" })
	void signsWhateverTheModelIsCalled(String model) {
		try (FakeProvider fake = Fakes.bedrock()) {
			HttpProvider provider = provider(fake.url(), authenticator(() -> KEYS));
			for (boolean stream : new boolean[] { false, true }) {
				assertThat(chat(provider, model, "Grüße", stream).text()).isEqualTo("You said: Grüße");
			}
			assertThat(fake.rejections()).isEmpty();
			assertThat(fake.requests()).hasSize(2).allSatisfy(AwsSigV4AuthenticatorTest::verify);
			assertThat(fake.requests().get(0).path()).startsWith("/model/")
				.doesNotContain(model.contains("/") ? model : " ");
		}
	}

	private static void verify(RecordedRequest request) {
		SignatureVerifier.Claim claim = SignatureVerifier.Claim.of(request);
		assertThat(claim.signature()).isEqualTo(SignatureVerifier.signature(request, SigV4.SECRET_KEY));
		assertThat(claim.region()).isEqualTo("eu-central-1");
		assertThat(claim.service()).isEqualTo("bedrock");
		assertThat(claim.signedHeaders()).contains("host", "x-amz-date", "content-type");
	}

	@Test
	void signsTheTokenOfASession() {
		AwsCredentials session = AwsSessionCredentials.create(SigV4.ACCESS_KEY, SigV4.SECRET_KEY, "session-token");
		try (FakeProvider fake = Fakes.bedrock()) {
			chat(provider(fake.url(), authenticator(() -> session)), "m", "Hi", false);
			RecordedRequest request = fake.requests().get(0);
			verify(request);
			assertThat(request.header("x-amz-security-token")).isEqualTo("session-token");
			assertThat(SignatureVerifier.Claim.of(request).signedHeaders()).contains("x-amz-security-token");
		}
	}

	@Test
	void signsLargePromptsToo() {
		try (FakeProvider fake = Fakes.bedrock().contextWindow(Integer.MAX_VALUE)) {
			chat(provider(fake.url(), authenticator(() -> KEYS)), "m", "word ".repeat(100_000), false);
			verify(fake.requests().get(0));
		}
	}

	@Test
	void signsRawPathsWithTheirQuery() {
		try (ScriptedUpstream upstream = ScriptedUpstream.start().answerWith(Script.json(200, "{}"))) {
			HttpProvider provider = provider(upstream.url(), authenticator(() -> KEYS));
			LlmRequest request = LlmRequest.builder(Operation.PASS_THROUGH, Dialect.BEDROCK)
				.body(new byte[0], Envelope.none())
				.path("GET", "/async-invoke?statusEquals=In%20Progress&maxResults=5")
				.build();
			provider.execute(new Attempt(request, Target.of(provider, "m")))
				.doOnNext((response) -> response.body().discard())
				.block(SOON);
			RecordedRequest recorded = upstream.takeRequest(SOON);
			assertThat(SignatureVerifier.Claim.of(recorded).signature())
				.isEqualTo(SignatureVerifier.signature(recorded, SigV4.SECRET_KEY));
			assertThat(recorded.target()).isEqualTo("/async-invoke?statusEquals=In%20Progress&maxResults=5");
		}
	}

	@Test
	void looksForCredentialsOnceAndOffTheEventLoop() {
		List<String> threads = new CopyOnWriteArrayList<>();
		Authenticator authenticator = authenticator(() -> {
			threads.add(Thread.currentThread().getName());
			return KEYS;
		});
		Mono<OutboundRequest> signed = Mono.defer(() -> authenticator.authenticate(request()));
		Mono.when(signed.subscribeOn(Schedulers.parallel()), signed.subscribeOn(Schedulers.parallel())).block(SOON);
		signed.subscribeOn(Schedulers.parallel()).block(SOON);
		assertThat(threads).singleElement().asString().startsWith("boundedElastic");
	}

	@Test
	void saysWhatToDoWithoutCredentials() {
		Authenticator authenticator = authenticator(() -> {
			throw SdkClientException.create("Unable to load credentials: secret-canary");
		});
		assertThatExceptionOfType(LlmException.class)
			.isThrownBy(() -> authenticator.authenticate(request()).block(SOON))
			.satisfies((ex) -> {
				assertThat(ex.kind()).isEqualTo(ErrorKind.UPSTREAM_AUTHENTICATION);
				assertThat(ex.getMessage()).contains("'rock'", "AWS_ACCESS_KEY_ID").doesNotContain("canary");
			});
	}

	@Test
	void looksAgainWhenTheProviderRefused() {
		List<AwsCredentials> chain = new CopyOnWriteArrayList<>(
				List.of(AwsBasicCredentials.create("AKIDOLD", "old"), AwsBasicCredentials.create("AKIDNEW", "new")));
		MovableClock clock = new MovableClock();
		Authenticator authenticator = new AwsSigV4Authenticator("rock", "eu-central-1", () -> chain.remove(0),
				Schedulers.immediate(), clock);
		Credential old = authenticator.authenticate(request()).map(OutboundRequest::credential).block(SOON);
		clock.now = clock.now.plusSeconds(30);
		authenticator.refused(old, Duration.ofMinutes(1));
		OutboundRequest signed = authenticator.authenticate(request()).block(SOON);
		assertThat(signed.headers().get("authorization")).contains("Credential=AKIDNEW/");
	}

	private static OutboundRequest request() {
		return new OutboundRequest("POST", URI.create("http://127.0.0.1/model/m/converse"), new DefaultHttpHeaders(),
				new byte[0], null);
	}

	private static final class MovableClock extends Clock {

		private Instant now = Instant.parse("2026-01-01T00:00:00Z");

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

		@Override
		public Instant instant() {
			return this.now;
		}

	}

}
