package dev.llmproxy.provider;

import java.time.Duration;

import reactor.core.publisher.Mono;

/** Sends a secret in a header, never in a query (S10). */
public final class HeaderAuthenticator implements Authenticator {

	private final String header;

	private final String prefix;

	private final CredentialPool credentials;

	/**
	 * Creates one.
	 * @param header for example {@code authorization} or {@code x-api-key}
	 * @param prefix for example {@code "Bearer "}; may be empty
	 */
	public HeaderAuthenticator(String header, String prefix, CredentialPool credentials) {
		this.header = header;
		this.prefix = prefix;
		this.credentials = credentials;
	}

	@Override
	public Mono<OutboundRequest> authenticate(OutboundRequest request) {
		Credential credential = this.credentials.next();
		request.headers().set(this.header, this.prefix + credential.secret());
		return Mono.just(request.withCredential(credential));
	}

	@Override
	public void refused(Credential credential, Duration rest) {
		this.credentials.quarantine(credential, rest);
	}

	@Override
	public String identity() {
		return this.credentials.identity();
	}

	@Override
	public boolean hasFresh() {
		return this.credentials.hasFresh();
	}

}
