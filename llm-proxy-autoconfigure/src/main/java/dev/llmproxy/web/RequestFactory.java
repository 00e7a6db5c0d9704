package dev.llmproxy.web;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.dialect.MalformedJsonException;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Snapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Makes a request of what came over HTTP, whichever front received it. Thread-safe.
 */
final class RequestFactory {

	private final Codecs codecs;

	private final WebSettings settings;

	RequestFactory(Codecs codecs, WebSettings settings) {
		this.codecs = codecs;
		this.settings = settings;
	}

	/** The longest body, in bytes. */
	int maxBodySize() {
		return this.settings.maxBodySize();
	}

	/**
	 * Refuses what can't be read, before any of it is.
	 * @throws LlmException if the body is announced to be too long, or is encoded
	 */
	static void checkHead(HttpHeaders headers, int limit) {
		if (headers.getContentLength() > limit) {
			throw tooLarge(limit);
		}
		String coding = headers.getFirst(HttpHeaders.CONTENT_ENCODING);
		if (coding != null && !coding.equalsIgnoreCase("identity")) {
			throw new LlmException(new LlmError(ErrorKind.UNSUPPORTED_MEDIA_TYPE,
					"Compressed requests are not accepted. Send the body without 'content-encoding'.",
					"unsupported_content_encoding", null));
		}
	}

	static LlmException tooLarge(int limit) {
		return new LlmException(new LlmError(ErrorKind.PAYLOAD_TOO_LARGE,
				"The request body is larger than the limit of " + limit + " bytes.", "request_too_large", null));
	}

	/**
	 * Makes the request.
	 * @param forwarded those of the headers that may travel on
	 * @throws LlmException or {@link InvalidRequestException} if it can't be understood
	 */
	LlmRequest create(InferenceEndpoint endpoint, HttpHeaders headers, HttpHeaders forwarded, String id, Caller caller,
			@Nullable Snapshot snapshot, byte[] body) {
		LlmRequest.Builder builder = LlmRequest.builder(endpoint.operation(), endpoint.dialect())
			.id(id)
			.caller(caller)
			.snapshot(snapshot)
			.headers(forwarded)
			.hints(headers)
			.strict(strict(headers));
		if (endpoint.operation() == Operation.TRANSCRIPTION) {
			return MultipartModel.of(headers, body).applyTo(builder, body).build();
		}
		requireJson(headers);
		Envelope envelope = scan(body);
		if (endpoint.model() != null) {
			envelope = envelope.withModel(endpoint.model());
			builder.splice((ignored, bytes, model) -> bytes);
		}
		if (endpoint.stream() != null) {
			envelope = envelope.withStream(endpoint.stream());
		}
		return builder.body(body, envelope).codec(codec(endpoint)).build();
	}

	private @Nullable InboundCodec codec(InferenceEndpoint endpoint) {
		boolean chatLike = endpoint.operation() == Operation.CHAT || endpoint.operation() == Operation.COUNT_TOKENS;
		return chatLike ? this.codecs.inbound(endpoint.dialect()) : null;
	}

	private boolean strict(HttpHeaders headers) {
		String wish = headers.getFirst("llm-proxy-strict");
		return (wish != null) ? Boolean.parseBoolean(wish) : this.settings.strict();
	}

	private static void requireJson(HttpHeaders headers) {
		String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
		if (type != null && !isJson(type)) {
			throw new LlmException(new LlmError(ErrorKind.UNSUPPORTED_MEDIA_TYPE,
					"The request must be JSON: send 'content-type: application/json'.", "unsupported_media_type",
					null));
		}
	}

	/** The common spellings by themselves; RFC 8259 knows no encoding but UTF-8. */
	private static boolean isJson(String type) {
		if (type.equalsIgnoreCase("application/json")) {
			return true;
		}
		try {
			MediaType media = MediaType.parseMediaType(type);
			Charset charset = media.getCharset();
			return media.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
					&& (charset == null || charset.equals(StandardCharsets.UTF_8));
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	private Envelope scan(byte[] body) {
		try {
			return EnvelopeScanner.scan(body, this.settings.jsonLimits());
		}
		catch (MalformedJsonException ex) {
			throw new InvalidRequestException(
					new LlmError(ErrorKind.INVALID_REQUEST, String.valueOf(ex.getMessage()), ex.code(), ex.param()));
		}
	}

}
