package dev.llmproxy.web.connection;

import java.util.Iterator;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Looks at a request's head after Netty has read it. */
final class RequestCheck {

	private RequestCheck() {
	}

	/** Why the request is refused; {@code null} where it is not. */
	static @Nullable Refusal check(HttpRequest request, int maxHeaderFields) {
		if (request.decoderResult().isFailure()) {
			return Refusal.ofHead(request.decoderResult().cause());
		}
		HttpHeaders headers = request.headers();
		if (headers.size() > maxHeaderFields) {
			return Refusal.HEADERS_TOO_LARGE;
		}
		if (!RequestTarget.isValid(request.uri())) {
			return Refusal.TARGET;
		}
		if (!hasOneValidHost(headers)) {
			return Refusal.HOST;
		}
		return hasOneLength(request, headers) ? null : Refusal.FRAMING;
	}

	private static boolean hasOneValidHost(HttpHeaders headers) {
		Iterator<? extends CharSequence> hosts = headers.valueCharSequenceIterator(HttpHeaderNames.HOST);
		return hosts.hasNext() && HostField.isValid(hosts.next()) && !hosts.hasNext();
	}

	/**
	 * Netty has seen to {@code Content-Length}, also beside {@code chunked}. It takes a
	 * body for empty whose coding it doesn't know, and expects eight bytes behind a
	 * handshake of the first WebSocket drafts.
	 */
	@SuppressWarnings("deprecation")
	private static boolean hasOneLength(HttpRequest request, HttpHeaders headers) {
		Iterator<? extends CharSequence> codings = headers.valueCharSequenceIterator(HttpHeaderNames.TRANSFER_ENCODING);
		if (codings.hasNext()
				&& (!HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.next()) || codings.hasNext())) {
			return false;
		}
		return !(HttpMethod.GET.equals(request.method()) && headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
				&& headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2));
	}

}
