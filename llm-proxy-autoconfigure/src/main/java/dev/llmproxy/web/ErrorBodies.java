package dev.llmproxy.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.web.connection.RefusalRenderer;
import org.jspecify.annotations.Nullable;

/**
 * Errors as the bodies that a caller's SDK understands. Thread-safe.
 */
public final class ErrorBodies implements RefusalRenderer {

	private final Map<Dialect, InboundCodec> codecs = new HashMap<>();

	private final InboundCodec fallback;

	private final int basePathLength;

	/**
	 * Creates them.
	 * @throws IllegalArgumentException if there is no codec for OpenAI's dialect, which
	 * is used where there is none for the caller's
	 */
	public ErrorBodies(Codecs codecs, WebSettings settings) {
		this.fallback = codecs.inbound(Dialect.OPENAI);
		this.basePathLength = settings.basePath().length();
		for (Dialect dialect : List.of(Dialect.OPENAI, Dialect.COMPLETIONS, Dialect.RESPONSES, Dialect.ANTHROPIC,
				Dialect.GEMINI)) {
			try {
				this.codecs.put(dialect, codecs.inbound(dialect));
			}
			catch (IllegalArgumentException ex) {
				// Not on offer here: the fallback tells of it.
			}
		}
	}

	/**
	 * The dialect in which to tell of errors.
	 * @param path raw and with the base path, if it is one of the gateway's
	 */
	Dialect dialectOf(String path) {
		int start = Math.min(this.basePathLength, path.length());
		if (path.startsWith("/v1beta/", start)) {
			return Dialect.GEMINI;
		}
		return path.startsWith("/v1/messages", start) ? Dialect.ANTHROPIC : Dialect.OPENAI;
	}

	byte[] encode(Dialect dialect, LlmError error, String requestId) {
		return this.codecs.getOrDefault(dialect, this.fallback).encodeError(error, requestId);
	}

	@Override
	public Rendered render(String path, @Nullable String requestId, LlmError error) {
		String id = RequestIds.choose(requestId);
		return new Rendered(id, encode(dialectOf(path), error, id));
	}

}
