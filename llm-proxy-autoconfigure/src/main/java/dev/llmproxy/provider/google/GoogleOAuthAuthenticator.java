package dev.llmproxy.provider.google;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;

import com.google.auth.oauth2.GoogleCredentials;
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

/**
 * Sends an OAuth token of Google's
 * <a href="https://cloud.google.com/docs/authentication/application-default-credentials">
 * Application Default Credentials</a>: a service account, a user, a workload identity or
 * the machine's own. Thread-safe; waits for tokens off the event loop.
 */
public final class GoogleOAuthAuthenticator implements Authenticator {

	/** How long a request waits for a token. */
	private static final Duration WAIT = Duration.ofSeconds(30);

	private final String provider;

	private final Renewal<GoogleToken> tokens;

	/**
	 * Creates one that uses the Application Default Credentials.
	 * @param provider the provider's name, for messages
	 */
	public GoogleOAuthAuthenticator(String provider) {
		this(provider, GoogleCredentials::getApplicationDefault, Schedulers.boundedElastic(), InstantSource.system());
	}

	GoogleOAuthAuthenticator(String provider, Callable<GoogleCredentials> loader, Scheduler scheduler,
			InstantSource clock) {
		this.provider = provider;
		this.tokens = new Renewal<>("A Google access token for provider '" + provider + "'",
				new GoogleTokenSource(loader, clock), scheduler, clock);
	}

	@Override
	public Mono<OutboundRequest> authenticate(OutboundRequest request) {
		return this.tokens.current()
			.timeout(WAIT)
			.onErrorMap((failure) -> unavailable())
			.map((token) -> authenticated(request, token));
	}

	private LlmException unavailable() {
		return new LlmException(new LlmError(ErrorKind.UPSTREAM_AUTHENTICATION,
				"No Google access token for provider '" + this.provider
						+ "' could be had. Set GOOGLE_APPLICATION_CREDENTIALS to a credentials file, or run the gateway"
						+ " with a service account.",
				"upstream_credentials", null));
	}

	private OutboundRequest authenticated(OutboundRequest request, GoogleToken token) {
		request.headers().set("authorization", "Bearer " + token.value());
		if (token.quotaProject() != null) {
			request.headers().set("x-goog-user-project", token.quotaProject());
		}
		return new OutboundRequest(request.method(), request.uri(), request.headers(), request.body(),
				new Credential(this.provider + "-google", token.value()));
	}

	@Override
	public void refused(Credential credential, Duration rest) {
		this.tokens.refuse((token) -> token.value().equals(credential.secret()));
	}

}
