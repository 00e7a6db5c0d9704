package dev.llmproxy.provider;

import java.time.Duration;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.UpstreamCodec;
import dev.llmproxy.gateway.LlmException;

/** Turns a provider's refusal into a failure. */
final class UpstreamErrors {

	private UpstreamErrors() {
	}

	static LlmException of(String provider, UpstreamCodec codec, UpstreamResponse response, byte[] body) {
		int status = response.status();
		Duration retryAfter = RetryAfter.parse(response.headers());
		if (ErrorKind.ofUpstreamStatus(status) == ErrorKind.UPSTREAM_AUTHENTICATION) {
			// Nothing of the body: providers quote parts of the key in it.
			LlmError error = new LlmError(ErrorKind.UPSTREAM_AUTHENTICATION, "Provider '" + provider
					+ "' refused the gateway's credentials (status " + status + "). This is for the operator to mend.",
					"upstream_authentication", null);
			return new LlmException(error, new LlmException.Upstream(status, codec.dialect(), new byte[0], false),
					null);
		}
		LlmError error = codec.decodeError(status, body);
		boolean json = response.contentType().startsWith("application/json") && body.length > 0;
		return new LlmException(error, new LlmException.Upstream(status, codec.dialect(), body, json), retryAfter);
	}

}
