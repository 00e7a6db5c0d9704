package dev.llmproxy.provider.aws;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.provider.Authenticator;
import dev.llmproxy.provider.Credential;
import dev.llmproxy.provider.OutboundRequest;
import dev.llmproxy.provider.Renewal;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;

/**
 * Signs requests to Amazon Bedrock with
 * <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html">AWS
 * Signature Version 4</a>, with the credentials that the AWS SDK finds: in the
 * environment, a profile, a web identity, a container or an instance. Thread-safe; waits
 * for credentials off the event loop.
 */
public final class AwsSigV4Authenticator implements Authenticator {

	private static final String SERVICE = "bedrock";

	/** Headers that the signature is made of. */
	private static final List<String> PROOF = List.of("authorization", "x-amz-date", "x-amz-security-token",
			"x-amz-content-sha256");

	/**
	 * How long a request waits for credentials; instances answer within a few seconds.
	 */
	private static final Duration WAIT = Duration.ofSeconds(30);

	/** In bytes; hashing more would hold an event loop up noticeably. */
	private static final int QUICKLY_HASHED = 256 * 1024;

	private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

	private final String provider;

	private final String region;

	private final Renewal<AwsCredentials> credentials;

	private final Clock clock;

	/**
	 * Creates one that uses the SDK's default chain of credentials.
	 * @param provider the provider's name, for messages
	 * @param region the region to sign for, such as {@code eu-central-1}
	 */
	public AwsSigV4Authenticator(String provider, String region) {
		this(provider, region, DefaultCredentialsProvider.builder().build(), Schedulers.boundedElastic(),
				Clock.systemUTC());
	}

	AwsSigV4Authenticator(String provider, String region, AwsCredentialsProvider chain, Scheduler scheduler,
			Clock clock) {
		this.provider = provider;
		this.region = region;
		this.clock = clock;
		this.credentials = new Renewal<>("AWS credentials for provider '" + provider + "'",
				new AwsCredentialSource(chain, clock), scheduler, clock);
	}

	@Override
	public Mono<OutboundRequest> authenticate(OutboundRequest request) {
		return this.credentials.current()
			.timeout(WAIT)
			.onErrorMap((failure) -> unavailable())
			.flatMap((identity) -> sign(request, identity));
	}

	private LlmException unavailable() {
		return new LlmException(new LlmError(ErrorKind.UPSTREAM_AUTHENTICATION,
				"No AWS credentials for provider '" + this.provider
						+ "' could be had. Give the gateway a role or a profile, set AWS_ACCESS_KEY_ID and"
						+ " AWS_SECRET_ACCESS_KEY, or give the provider a Bedrock API key.",
				"upstream_credentials", null));
	}

	private Mono<OutboundRequest> sign(OutboundRequest request, AwsCredentials identity) {
		Mono<OutboundRequest> signed = Mono.fromSupplier(() -> signed(request, identity));
		return (request.body().length > QUICKLY_HASHED) ? signed.subscribeOn(Schedulers.parallel()) : signed;
	}

	private OutboundRequest signed(OutboundRequest request, AwsCredentials identity) {
		SdkHttpRequest.Builder unsigned = SdkHttpRequest.builder()
			.method(SdkHttpMethod.fromValue(request.method()))
			.uri(request.uri());
		String type = request.headers().get("content-type");
		if (type != null) {
			unsigned.putHeader("content-type", type);
		}
		SignedRequest signed = this.signer.sign((sign) -> sign.identity(identity)
			.request(unsigned.build())
			.payload(ContentStreamProvider.fromByteArrayUnsafe(request.body()))
			.putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, SERVICE)
			.putProperty(AwsV4HttpSigner.REGION_NAME, this.region)
			.putProperty(HttpSigner.SIGNING_CLOCK, this.clock));
		for (String name : PROOF) {
			signed.request()
				.firstMatchingHeader(name)
				.ifPresentOrElse((value) -> request.headers().set(name, value), () -> request.headers().remove(name));
		}
		return new OutboundRequest(request.method(), request.uri(), request.headers(), request.body(),
				new Credential(this.provider + "-aws", identity.accessKeyId()));
	}

	@Override
	public void refused(Credential credential, Duration rest) {
		this.credentials.refuse((identity) -> identity.accessKeyId().equals(credential.secret()));
	}

}
