package dev.llmproxy.autoconfigure;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The providers of models.
 *
 * @param providers by name, which is the prefix in {@code provider/model}
 * @param detectProviders whether vendors whose usual environment variable holds a key
 * (such as OPENAI_API_KEY) are added without being configured
 */
@ConfigurationProperties("llm-proxy")
record ProviderProperties(@DefaultValue Map<String, Settings> providers,
		@DefaultValue("true") boolean detectProviders) {

	/**
	 * One provider.
	 *
	 * @param type the vendor, such as openai, azure, anthropic, gemini, vertex, bedrock,
	 * mistral or openai-compatible; by default the provider's name
	 * @param baseUrl where its API lives, the version included; by default the vendor's
	 * own
	 * @param apiKey its key; by default what the vendor's environment variable holds
	 * @param apiKeys more keys, used in turn
	 * @param apiKeyFile a file that holds a key, such as a systemd credential or a
	 * mounted secret
	 * @param apiVersion Azure only: the api-version of the older deployment paths; by
	 * default the v1 API is used
	 * @param region Bedrock and Vertex AI: the region, or location
	 * @param project Vertex AI: the project
	 * @param dialect which of the vendor's chat dialects other dialects are translated
	 * to, such as responses for OpenAI; by default the vendor's own
	 * @param headers sent with every request
	 * @param models the models on offer; by default the provider is asked
	 * @param modelPrefixes starts of model names that are served without naming the
	 * provider
	 * @param requestStreamUsage whether streams are asked to tell their usage even if the
	 * caller did not ask; the caller does not see it then
	 * @param propagateTrace whether it is told where in a trace each request is (headers
	 * traceparent and tracestate): for providers of your own
	 * @param unsupportedFields top-level request fields it refuses; they are left out and
	 * named in llm-proxy-dropped
	 * @param renamedFields top-level request fields it knows by another name
	 * @param sslBundle name of an SSL bundle (spring.ssl.bundle) with what to trust and
	 * to present
	 * @param proxy what it is reached by
	 * @param timeouts the clocks of one attempt
	 * @param connection how connections are kept
	 * @param limits bounds on answers
	 */
	record Settings(@Nullable String type, @Nullable URI baseUrl, @Nullable String apiKey,
			@DefaultValue List<String> apiKeys, @Nullable Path apiKeyFile, @Nullable String apiVersion,
			@Nullable String region, @Nullable String project, @Nullable String dialect,
			@DefaultValue Map<String, String> headers, @DefaultValue List<String> models,
			@Nullable List<String> modelPrefixes, @DefaultValue("false") boolean requestStreamUsage,
			@DefaultValue("false") boolean propagateTrace, @DefaultValue List<String> unsupportedFields,
			@DefaultValue Map<String, String> renamedFields, @Nullable String sslBundle, @DefaultValue Proxy proxy,
			@DefaultValue Timeouts timeouts, @DefaultValue Connection connection, @DefaultValue Limits limits) {

		@Override
		public String toString() {
			return "Settings[type=" + this.type + ", baseUrl=" + this.baseUrl + "]";
		}

	}

	/**
	 * A proxy.
	 *
	 * @param enabled whether one is used
	 * @param url where it is, such as http://proxy.example.com:3128 or
	 * socks5://proxy.example.com:1080; by default what the environment variables
	 * HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say
	 * @param username if it asks for one
	 * @param password if it asks for one
	 */
	record Proxy(@DefaultValue("true") boolean enabled, @Nullable URI url, @Nullable String username,
			@Nullable String password) {

		@Override
		public String toString() {
			return "Proxy[enabled=" + this.enabled + "]";
		}

	}

	/**
	 * The clocks of one attempt.
	 *
	 * @param connect until the connection stands
	 * @param responseHeaders until the head of a streamed answer has arrived
	 * @param firstToken until the first token of a stream; pings don't count
	 * @param idle between two tokens of a stream
	 * @param total for a whole answer
	 * @param streamTotal for a whole stream
	 */
	record Timeouts(@DefaultValue("2s") Duration connect, @DefaultValue("60s") Duration responseHeaders,
			@DefaultValue("5m") Duration firstToken, @DefaultValue("2m") Duration idle,
			@DefaultValue("10m") Duration total, @DefaultValue("60m") Duration streamTotal) {
	}

	/**
	 * How connections are kept.
	 *
	 * @param max connections per event loop
	 * @param maxPending calls that may wait for one, per event loop
	 * @param acquireTimeout how long a call waits for one
	 * @param maxIdle after which an idle one is closed
	 * @param maxLife after which one is closed when it becomes idle
	 */
	record Connection(@DefaultValue("1000") int max, @DefaultValue("2000") int maxPending,
			@DefaultValue("1s") Duration acquireTimeout, @DefaultValue("30s") Duration maxIdle,
			@DefaultValue("10m") Duration maxLife) {
	}

	/**
	 * Bounds on answers, after decompression.
	 *
	 * @param maxResponse of a whole answer
	 * @param maxEvent of one event of a stream
	 * @param maxError of the body of an error
	 */
	record Limits(@DefaultValue("64MB") DataSize maxResponse, @DefaultValue("16MB") DataSize maxEvent,
			@DefaultValue("256KB") DataSize maxError) {
	}

}
