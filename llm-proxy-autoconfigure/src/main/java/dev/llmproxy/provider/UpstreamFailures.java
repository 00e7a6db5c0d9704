package dev.llmproxy.provider;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.DecodingException;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.gateway.LlmException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.timeout.ReadTimeoutException;
import reactor.core.Exceptions;

/**
 * Maps what can go wrong on the way to a provider, once. Messages name neither hosts nor
 * addresses: callers need not know where a provider lives.
 */
final class UpstreamFailures {

	private UpstreamFailures() {
	}

	static LlmException of(Throwable failure, String provider) {
		Throwable cause = Exceptions.unwrap(failure);
		if (cause instanceof LlmException llmException) {
			return llmException;
		}
		if (cause instanceof InvalidRequestException invalid) {
			return new LlmException(invalid.error());
		}
		if (cause instanceof DecodingException) {
			return failure(ErrorKind.UPSTREAM,
					"Provider '" + provider + "' sent an answer that can't be read: " + cause.getMessage() + ".",
					"upstream_malformed");
		}
		if (cause instanceof ConnectTimeoutException || isPoolExhausted(cause)) {
			return connect("No connection to provider '" + provider + "' could be had in time.",
					"upstream_connect_timeout");
		}
		if (cause instanceof TimeoutException || cause instanceof ReadTimeoutException) {
			return failure(ErrorKind.TIMEOUT, "Provider '" + provider + "' did not answer in time.",
					"upstream_timeout");
		}
		if (cause instanceof UnknownHostException) {
			return connect("The host of provider '" + provider + "' could not be resolved.", "upstream_dns");
		}
		if (cause instanceof SSLException) {
			return connect("No trusted TLS connection to provider '" + provider + "' could be made.", "upstream_tls");
		}
		if (cause instanceof ProxyConnectException) {
			return connect("The proxy that provider '" + provider + "' is reached by did not connect to it.",
					"upstream_proxy");
		}
		if (cause instanceof ConnectException) {
			return connect("Provider '" + provider + "' refused the connection.", "upstream_connect");
		}
		if (cause instanceof SocketException || cause instanceof IOException) {
			return failure(ErrorKind.UPSTREAM, "The connection to provider '" + provider + "' broke.",
					"upstream_connection");
		}
		return failure(ErrorKind.UPSTREAM, "The call to provider '" + provider + "' failed.", "upstream_error");
	}

	/** The pool's exceptions are shaded and internal, hence by name. */
	private static boolean isPoolExhausted(Throwable failure) {
		return failure.getClass().getSimpleName().startsWith("PoolAcquire");
	}

	static LlmException tooLarge(int limit) {
		return failure(ErrorKind.UPSTREAM, "The provider's answer is larger than the limit of " + limit + " bytes.",
				"upstream_too_large");
	}

	/** The provider may have got the request. */
	static LlmException failure(ErrorKind kind, String message, String code) {
		return LlmException.exchange(new LlmError(kind, message, code, null));
	}

	private static LlmException connect(String message, String code) {
		return LlmException.connect(new LlmError(ErrorKind.UPSTREAM, message, code, null));
	}

}
