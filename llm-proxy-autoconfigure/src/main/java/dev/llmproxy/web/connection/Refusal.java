package dev.llmproxy.web.connection;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

/**
 * Why a request is not read any further.
 *
 * @param status the HTTP status
 * @param error what the caller is told; never anything of the request
 */
record Refusal(HttpResponseStatus status, LlmError error) {

	static final Refusal REQUEST_LINE = malformed("malformed_request_line",
			"The request line must be a method, a path and HTTP/1.1, with one space between them.");

	static final Refusal TARGET = malformed("malformed_target",
			"The request's target must be a path of URI characters (RFC 3986) without dot segments.");

	static final Refusal HOST = malformed("invalid_host", "The request needs exactly one valid 'Host' header.");

	static final Refusal HEADER = malformed("malformed_header", "A header of the request is malformed.");

	static final Refusal FRAMING = malformed("invalid_framing",
			"The request's length must be said once, by 'Content-Length' or 'Transfer-Encoding: chunked'.");

	static final Refusal CHUNK = malformed("malformed_chunk", "The request's chunked body is malformed.");

	static final Refusal LINE_TOO_LONG = new Refusal(HttpResponseStatus.REQUEST_URI_TOO_LONG, new LlmError(
			ErrorKind.INVALID_REQUEST, "The request's path and query are too long.", "uri_too_long", null));

	static final Refusal HEADERS_TOO_LARGE = new Refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
			new LlmError(ErrorKind.HEADERS_TOO_LARGE, "The request's headers are too large or too many.",
					"headers_too_large", null));

	static final Refusal TIMEOUT = new Refusal(HttpResponseStatus.REQUEST_TIMEOUT,
			new LlmError(ErrorKind.REQUEST_TIMEOUT, "The request took too long to arrive.", "request_timeout", null));

	private static Refusal malformed(String code, String message) {
		return new Refusal(HttpResponseStatus.BAD_REQUEST,
				new LlmError(ErrorKind.INVALID_REQUEST, message, code, null));
	}

	/** For what went wrong in reading the head of a request. */
	static Refusal ofHead(Throwable cause) {
		if (cause instanceof MalformedRequestException malformed) {
			return malformed.refusal();
		}
		if (cause instanceof TooLongHttpLineException) {
			return LINE_TOO_LONG;
		}
		return (cause instanceof TooLongHttpHeaderException) ? HEADERS_TOO_LARGE : HEADER;
	}

	/** For what went wrong in reading the body of a request. */
	static Refusal ofBody(Throwable cause) {
		return (cause instanceof MalformedRequestException malformed) ? malformed.refusal() : CHUNK;
	}

}
