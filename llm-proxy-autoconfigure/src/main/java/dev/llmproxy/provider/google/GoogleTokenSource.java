package dev.llmproxy.provider.google;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.llmproxy.provider.Renewal;
import org.jspecify.annotations.Nullable;

/** Exchanges credentials for tokens; used by one thread at a time. */
final class GoogleTokenSource implements Callable<Renewal.Lease<GoogleToken>> {

	private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

	/** Metadata servers give out the same token until four minutes before its end. */
	private static final Duration AHEAD = Duration.ofSeconds(225);

	/** A token is not used when it could expire on the way. */
	private static final Duration MARGIN = Duration.ofSeconds(10);

	/** For a token that does not tell its end, which Google's last an hour. */
	private static final Duration ASSUMED = Duration.ofMinutes(30);

	private final Callable<GoogleCredentials> loader;

	private final InstantSource clock;

	private volatile @Nullable GoogleCredentials credentials;

	/**
	 * Creates one.
	 * @param loader finds the credentials; may block
	 */
	GoogleTokenSource(Callable<GoogleCredentials> loader, InstantSource clock) {
		this.loader = loader;
		this.clock = clock;
	}

	@Override
	public Renewal.Lease<GoogleToken> call() throws Exception {
		GoogleCredentials found = this.credentials;
		if (found == null) {
			found = this.loader.call().createScoped(SCOPE);
			this.credentials = found;
		}
		AccessToken token = found.refreshAccessToken();
		if (token.getTokenValue() == null || token.getTokenValue().isBlank()) {
			throw new IOException("The answer has no token");
		}
		Instant end = (token.getExpirationTime() != null) ? token.getExpirationTime().toInstant()
				: this.clock.instant().plus(ASSUMED);
		return new Renewal.Lease<>(new GoogleToken(token.getTokenValue(), found.getQuotaProjectId()), end.minus(AHEAD),
				end.minus(MARGIN));
	}

}
