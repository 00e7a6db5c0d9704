package dev.llmproxy.provider.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;

import dev.llmproxy.provider.Renewal;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * Asks a chain of credentials. The chain caches what it had to ask others for and renews
 * it itself, so it is asked often.
 *
 * @param chain may block
 */
record AwsCredentialSource(AwsCredentialsProvider chain,
		InstantSource clock) implements Callable<Renewal.Lease<AwsCredentials>> {

	private static final Duration ASKED_EVERY = Duration.ofMinutes(1);

	@Override
	public Renewal.Lease<AwsCredentials> call() {
		AwsCredentials credentials = this.chain.resolveCredentials();
		return new Renewal.Lease<>(credentials, this.clock.instant().plus(ASKED_EVERY),
				credentials.expirationTime().orElse(Instant.MAX));
	}

}
