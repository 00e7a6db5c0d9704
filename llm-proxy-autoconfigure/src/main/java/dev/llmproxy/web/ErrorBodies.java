package dev.llmproxy.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InboundCodec;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.Listeners;
import dev.llmproxy.gateway.RefusalListener;
import dev.llmproxy.gateway.RefusalRecord;
import dev.llmproxy.gateway.RefusalRecord.Place;
import dev.llmproxy.web.connection.RefusalRenderer;
import org.jspecify.annotations.Nullable;

/**
 * Errors as the bodies that a caller's SDK understands. All fronts tell of errors with
 * it, so it is also where listeners are told of requests that became no call.
 * Thread-safe.
 */
public final class ErrorBodies implements RefusalRenderer {

	private final Map<Dialect, InboundCodec> codecs = new HashMap<>();

	private final InboundCodec fallback;

	private final int basePathLength;

	private final InferenceEndpoints endpoints = new InferenceEndpoints();

	private final String basePath;

	private final Listeners<RefusalListener> listeners;

	public ErrorBodies(Codecs codecs, WebSettings settings) {
		this(codecs, settings, List.of());
	}

	/**
	 * Creates them.
	 * @param listeners who hears of requests that became no call
	 * @throws IllegalArgumentException if there is no codec for OpenAI's dialect, which
	 * is used where there is none for the caller's
	 */
	public ErrorBodies(Codecs codecs, WebSettings settings, List<RefusalListener> listeners) {
		this.listeners = new Listeners<>(listeners);
		this.basePath = settings.basePath();
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

	/** Whether anybody wants to hear of refusals. */
	boolean hasListeners() {
		return !this.listeners.isEmpty();
	}

	/**
	 * Tells of a request that is refused before a call was made of it.
	 * @param path raw; empty where it could not be read
	 */
	void refused(String path, Dialect dialect, String id, @Nullable Caller caller, int status, LlmError error) {
		if (!this.listeners.isEmpty()) {
			RefusalRecord refusal = new RefusalRecord(id, caller, place(path), dialect, status, error);
			this.listeners.tell((listener) -> listener.refused(refusal));
		}
	}

	private Place place(String path) {
		if (path.isEmpty()) {
			return Place.UNREADABLE;
		}
		String local = path.startsWith(this.basePath) ? path.substring(this.basePathLength) : "";
		if (this.endpoints.find(local) != null) {
			return Place.INFERENCE;
		}
		if (local.startsWith("/v1/models") || local.startsWith("/v1beta/models")) {
			return Place.MODELS;
		}
		return local.startsWith(PassThroughHandler.PREFIX) ? Place.PASS_THROUGH : Place.OTHER;
	}

	@Override
	public Rendered render(String path, @Nullable String requestId, int status, LlmError error) {
		String id = RequestIds.choose(requestId);
		Dialect dialect = dialectOf(path);
		refused(path, dialect, id, null, status, error);
		return new Rendered(id, encode(dialect, error, id));
	}

}
