package dev.llmproxy.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Where the fields {@code model} and {@code stream} of a {@code multipart/form-data} body
 * (RFC 7578) are. The body stays bytes: a recording is not taken apart to be put together
 * again.
 */
final class MultipartModel {

	private @Nullable String model;

	private int modelStart = -1;

	private int modelEnd = -1;

	private boolean stream;

	private MultipartModel() {
	}

	static MultipartModel of(HttpHeaders headers, byte[] body) {
		MultipartModel fields = new MultipartModel();
		byte[] delimiter = ("--" + boundary(headers)).getBytes(StandardCharsets.ISO_8859_1);
		int part = indexOf(body, delimiter, 0);
		while (part >= 0) {
			int start = part + delimiter.length;
			int next = indexOf(body, delimiter, start);
			if (next < 0) {
				break;
			}
			fields.read(body, start, next);
			part = next;
		}
		if (fields.model == null) {
			throw new LlmException(new LlmError(ErrorKind.INVALID_REQUEST, "The form has no field 'model'.",
					"missing_model", "model"));
		}
		return fields;
	}

	private static String boundary(HttpHeaders headers) {
		try {
			MediaType type = headers.getContentType();
			String boundary = (type != null && type.isCompatibleWith(MediaType.MULTIPART_FORM_DATA))
					? type.getParameter("boundary") : null;
			if (boundary != null) {
				return (boundary.startsWith("\"") && boundary.length() > 1)
						? boundary.substring(1, boundary.length() - 1) : boundary;
			}
		}
		catch (InvalidMediaTypeException ex) {
			// Told below.
		}
		throw new LlmException(new LlmError(ErrorKind.UNSUPPORTED_MEDIA_TYPE,
				"The request must be a form: send 'content-type: multipart/form-data' with a boundary.",
				"unsupported_media_type", null));
	}

	/** Reads one part, from after its delimiter to the next one. */
	private void read(byte[] body, int start, int end) {
		int head = indexOf(body, new byte[] { '\r', '\n', '\r', '\n' }, start);
		if (head < 0 || head >= end) {
			return;
		}
		String headers = new String(body, start, head - start, StandardCharsets.ISO_8859_1);
		int from = head + 4;
		int to = Math.max(from, end - 2);
		if (headers.contains("name=\"model\"") || headers.contains("name=model")) {
			if (this.model != null) {
				throw new LlmException(new LlmError(ErrorKind.INVALID_REQUEST, "The form has two fields 'model'.",
						"duplicate_key", "model"));
			}
			this.model = new String(body, from, to - from, StandardCharsets.UTF_8);
			this.modelStart = from;
			this.modelEnd = to;
		}
		else if (headers.contains("name=\"stream\"")) {
			this.stream = "true".equals(new String(body, from, to - from, StandardCharsets.UTF_8));
		}
	}

	LlmRequest.Builder applyTo(LlmRequest.Builder builder, byte[] body) {
		String name = (this.model != null) ? this.model : "";
		return builder.body(body, Envelope.none().withModel(name).withStream(this.stream))
			.splice((envelope, bytes, model) -> splice(bytes, model));
	}

	private byte[] splice(byte[] body, String model) {
		ByteArrayOutputStream spliced = new ByteArrayOutputStream(body.length + model.length());
		spliced.write(body, 0, this.modelStart);
		spliced.writeBytes(model.getBytes(StandardCharsets.UTF_8));
		spliced.write(body, this.modelEnd, body.length - this.modelEnd);
		return spliced.toByteArray();
	}

	private static int indexOf(byte[] bytes, byte[] needle, int from) {
		outer: for (int i = from; i <= bytes.length - needle.length; i++) {
			for (int j = 0; j < needle.length; j++) {
				if (bytes[i + j] != needle[j]) {
					continue outer;
				}
			}
			return i;
		}
		return -1;
	}

}
