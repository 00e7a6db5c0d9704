package dev.llmproxy.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;

/** Which paths are which endpoints. Looked up by one hash, not matched one by one. */
final class InferenceEndpoints {

	private static final String GEMINI = "/v1beta/models/";

	private final Map<String, InferenceEndpoint> byPath = new HashMap<>();

	InferenceEndpoints() {
		add("/v1/chat/completions", Operation.CHAT, Dialect.OPENAI);
		add("/v1/completions", Operation.CHAT, Dialect.COMPLETIONS);
		add("/v1/responses", Operation.CHAT, Dialect.RESPONSES);
		add("/v1/embeddings", Operation.EMBEDDINGS, Dialect.OPENAI);
		add("/v1/moderations", Operation.MODERATION, Dialect.OPENAI);
		add("/v1/images/generations", Operation.IMAGE_GENERATION, Dialect.OPENAI);
		add("/v1/audio/speech", Operation.SPEECH, Dialect.OPENAI);
		add("/v1/audio/transcriptions", Operation.TRANSCRIPTION, Dialect.OPENAI);
		add("/v1/rerank", Operation.RERANK, Dialect.OPENAI);
		add("/v1/messages", Operation.CHAT, Dialect.ANTHROPIC);
		add("/v1/messages/count_tokens", Operation.COUNT_TOKENS, Dialect.ANTHROPIC);
	}

	private void add(String path, Operation operation, Dialect dialect) {
		this.byPath.put(path, new InferenceEndpoint(operation, dialect));
	}

	/**
	 * Finds the endpoint of a path below the base path.
	 * @param path raw, as it stands in the request line
	 */
	@Nullable InferenceEndpoint find(String path) {
		InferenceEndpoint endpoint = this.byPath.get(path);
		return (endpoint == null && path.startsWith(GEMINI)) ? gemini(path) : endpoint;
	}

	private static @Nullable InferenceEndpoint gemini(String path) {
		int colon = path.lastIndexOf(':');
		if (colon <= GEMINI.length()) {
			return null;
		}
		String model;
		try {
			model = URLDecoder.decode(path.substring(GEMINI.length(), colon).replace("+", "%2B"),
					StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
		return switch (path.substring(colon + 1)) {
			case "generateContent" -> new InferenceEndpoint(Operation.CHAT, Dialect.GEMINI, model, false);
			case "streamGenerateContent" -> new InferenceEndpoint(Operation.CHAT, Dialect.GEMINI, model, true);
			case "countTokens" -> new InferenceEndpoint(Operation.COUNT_TOKENS, Dialect.GEMINI, model, false);
			case "embedContent", "batchEmbedContents" ->
				new InferenceEndpoint(Operation.EMBEDDINGS, Dialect.GEMINI, model, false);
			default -> null;
		};
	}

}
