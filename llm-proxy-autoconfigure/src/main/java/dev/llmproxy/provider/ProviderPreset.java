package dev.llmproxy.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a vendor: everything a provider needs but credentials.
 *
 * @param type the vendor's name in configuration
 * @param vendor the OpenTelemetry {@code gen_ai.provider.name}
 * @param baseUrl where it lives; {@code null} where only the operator knows
 * @param endpoints what it offers below that; the first chat endpoint is its own dialect
 * @param modelsPath where it lists its models
 * @param auth how it wants its credentials
 * @param headers sent with every request
 * @param quirks deviations from the dialect
 * @param environment variables that hold its key, the first one set counts
 * @param modelPrefixes starts of model names that are this vendor's
 */
public record ProviderPreset(String type, String vendor, @Nullable String baseUrl,
		Map<HttpProviderSpec.Key, Endpoint> endpoints, @Nullable String modelsPath, Auth auth,
		Map<String, String> headers, Quirks quirks, List<String> environment, List<String> modelPrefixes) {

	/** How a vendor wants its credentials. */
	public enum Auth {

		/** {@code Authorization: Bearer}, if there is a key at all. */
		BEARER("authorization", "Bearer "),

		/** Anthropic's. */
		X_API_KEY("x-api-key", ""),

		/** Google's. */
		X_GOOG_API_KEY("x-goog-api-key", ""),

		/** Azure's. */
		API_KEY("api-key", ""),

		/** OAuth tokens of a Google service account. */
		GOOGLE_OAUTH("authorization", "Bearer "),

		/** AWS Signature Version 4, or a Bedrock API key as bearer. */
		AWS_SIGV4("authorization", "Bearer ");

		private final String header;

		private final String prefix;

		Auth(String header, String prefix) {
			this.header = header;
			this.prefix = prefix;
		}

		public String header() {
			return this.header;
		}

		public String prefix() {
			return this.prefix;
		}

	}

	static Builder builder(String type) {
		return new Builder(type);
	}

	/** Collects a preset. */
	static final class Builder {

		private final String type;

		private String vendor;

		private @Nullable String baseUrl;

		private final Map<HttpProviderSpec.Key, Endpoint> endpoints = new LinkedHashMap<>();

		private @Nullable String modelsPath = "/models";

		private Auth auth = Auth.BEARER;

		private Map<String, String> headers = Map.of();

		private List<String> unsupported = List.of();

		private Map<String, String> renamed = Map.of();

		private List<String> environment = List.of();

		private List<String> modelPrefixes = List.of();

		private Builder(String type) {
			this.type = type;
			this.vendor = type;
		}

		Builder vendor(String vendor) {
			this.vendor = vendor;
			return this;
		}

		Builder baseUrl(String baseUrl) {
			this.baseUrl = baseUrl;
			return this;
		}

		Builder endpoint(Operation operation, Dialect dialect, Endpoint endpoint) {
			this.endpoints.put(new HttpProviderSpec.Key(operation, dialect), endpoint);
			return this;
		}

		Builder openAi(Operation operation, String path) {
			return endpoint(operation, Dialect.OPENAI, new Endpoint(path));
		}

		/** Chat completions at the usual path. */
		Builder chat() {
			return openAi(Operation.CHAT, "/chat/completions");
		}

		Builder completions() {
			return endpoint(Operation.CHAT, Dialect.COMPLETIONS, new Endpoint("/completions"));
		}

		Builder responses() {
			return endpoint(Operation.CHAT, Dialect.RESPONSES, new Endpoint("/responses"));
		}

		Builder messages() {
			return endpoint(Operation.CHAT, Dialect.ANTHROPIC, new Endpoint("/messages"));
		}

		Builder embeddings() {
			return openAi(Operation.EMBEDDINGS, "/embeddings");
		}

		Builder moderations() {
			return openAi(Operation.MODERATION, "/moderations");
		}

		Builder images() {
			return openAi(Operation.IMAGE_GENERATION, "/images/generations");
		}

		Builder speech() {
			return openAi(Operation.SPEECH, "/audio/speech");
		}

		Builder transcriptions() {
			return openAi(Operation.TRANSCRIPTION, "/audio/transcriptions");
		}

		Builder rerank() {
			return openAi(Operation.RERANK, "/rerank");
		}

		Builder models(@Nullable String path) {
			this.modelsPath = path;
			return this;
		}

		Builder auth(Auth auth) {
			this.auth = auth;
			return this;
		}

		Builder headers(Map<String, String> headers) {
			this.headers = headers;
			return this;
		}

		Builder unsupported(String... fields) {
			this.unsupported = List.of(fields);
			return this;
		}

		Builder renamed(Map<String, String> fields) {
			this.renamed = fields;
			return this;
		}

		/** The older name of the token limit, which many vendors know alone. */
		Builder maxTokens() {
			return renamed(Map.of("max_completion_tokens", "max_tokens"));
		}

		Builder environment(String... variables) {
			this.environment = List.of(variables);
			return this;
		}

		Builder modelPrefixes(String... prefixes) {
			this.modelPrefixes = List.of(prefixes);
			return this;
		}

		ProviderPreset build() {
			return new ProviderPreset(this.type, this.vendor, this.baseUrl, this.endpoints, this.modelsPath, this.auth,
					this.headers, new Quirks(this.unsupported, this.renamed), this.environment, this.modelPrefixes);
		}

	}

}
