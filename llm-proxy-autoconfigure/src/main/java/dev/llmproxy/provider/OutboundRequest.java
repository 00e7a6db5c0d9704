package dev.llmproxy.provider;

import java.net.URI;

import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What goes over the wire to a provider.
 *
 * @param method the HTTP method
 * @param uri absolute
 * @param headers without {@code Host} and {@code Content-Length}, which the transport
 * sets; owned by this request
 * @param body not to be modified
 * @param credential what it was authenticated with
 */
public record OutboundRequest(String method, URI uri, HttpHeaders headers, byte[] body,
		@Nullable Credential credential) {

	OutboundRequest withCredential(Credential credential) {
		return new OutboundRequest(this.method, this.uri, this.headers, this.body, credential);
	}

	@Override
	public String toString() {
		return this.method + " " + this.uri.getScheme() + "://" + this.uri.getRawAuthority() + this.uri.getRawPath();
	}

}
