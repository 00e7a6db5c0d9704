package dev.llmproxy.cache;

import java.io.ByteArrayOutputStream;

import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.ReadyMapper;
import dev.llmproxy.gateway.LlmRequest;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The member of a body that is for the cache, and that no provider knows. */
final class CacheMember {

	private CacheMember() {
	}

	/** The request without it; all other bytes stay as they are. */
	static LlmRequest removedFrom(LlmRequest request) {
		byte[] body = without(request.body());
		Envelope envelope = EnvelopeScanner.scan(body, JsonLimits.DEFAULT)
			.withModel(request.model())
			.withStream(request.stream());
		return request.withBody(body, envelope);
	}

	static byte[] without(byte[] body) {
		try (JsonParser parser = ReadyMapper.shared().createParser(body)) {
			parser.nextToken();
			int before = (int) parser.currentLocation().getByteOffset();
			boolean first = true;
			while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
				boolean wanted = parser.currentName().equals(Questions.MEMBER);
				parser.nextToken();
				parser.skipChildren();
				// Numbers end where something else begins.
				parser.finishToken();
				int after = (int) parser.currentLocation().getByteOffset();
				if (wanted) {
					return cut(body, before, after, first);
				}
				before = after;
				first = false;
			}
			return body;
		}
	}

	/** Cuts with the comma before it, or after it where it is the first. */
	private static byte[] cut(byte[] body, int start, int end, boolean first) {
		int from = start;
		int to = end;
		while (to < body.length && isSpace(body[to])) {
			to++;
		}
		if (first && to < body.length && body[to] == ',') {
			to++;
		}
		ByteArrayOutputStream out = new ByteArrayOutputStream(body.length);
		out.write(body, 0, from);
		out.write(body, to, body.length - to);
		return out.toByteArray();
	}

	private static boolean isSpace(byte b) {
		return b == ' ' || b == '\t' || b == '\n' || b == '\r';
	}

}
