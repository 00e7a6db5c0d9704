package dev.llmproxy.server.sdk;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.google.genai.Client;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import dev.llmproxy.server.TestServer;
import dev.llmproxy.testkit.fake.FakeProvider;
import dev.llmproxy.testkit.fake.Fakes;

/**
 * The server in front of a fake of every upstream dialect, and the vendors' SDKs set up
 * as the documentation says. They do not retry: what they are told is what the test sees.
 */
final class SdkGateway implements AutoCloseable {

	static final String OPENAI = "openai/gpt-5-mini";

	static final String RESPONSES = "responses/gpt-5-mini";

	static final String ANTHROPIC = "anthropic/claude-sonnet-4-5";

	static final String GEMINI = "gemini/gemini-2.5-flash";

	static final String BEDROCK = "bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0";

	private final FakeProvider openAi = Fakes.openAi();

	private final FakeProvider anthropic = Fakes.anthropic();

	private final FakeProvider gemini = Fakes.gemini();

	private final FakeProvider bedrock = Fakes.bedrock();

	private final TestServer server;

	private final List<Runnable> clients = new ArrayList<>();

	private final Map<FakeProvider, Integer> seenRejections = new LinkedHashMap<>();

	SdkGateway() {
		List.of(this.openAi, this.anthropic, this.gemini, this.bedrock)
			.forEach((fake) -> this.seenRejections.put(fake, 0));
		Map<String, String> properties = new LinkedHashMap<>();
		provider(properties, "openai", this.openAi, "/v1");
		provider(properties, "responses", this.openAi, "/v1");
		properties.put("llm-proxy.providers.responses.type", "openai");
		properties.put("llm-proxy.providers.responses.dialect", "responses");
		provider(properties, "anthropic", this.anthropic, "/v1");
		provider(properties, "gemini", this.gemini, "/v1beta");
		provider(properties, "bedrock", this.bedrock, "");
		// Failures are made on purpose, of targets that others need.
		properties.put("llm-proxy.resilience.retry.max-retries", "0");
		properties.put("llm-proxy.resilience.breaker.enabled", "false");
		properties.put("llm-proxy.resilience.cooldown.enabled", "false");
		this.server = TestServer.start(properties);
	}

	private static void provider(Map<String, String> properties, String name, FakeProvider fake, String path) {
		properties.put("llm-proxy.providers." + name + ".base-url", fake.url() + path);
		properties.put("llm-proxy.providers." + name + ".api-key", fake.apiKey());
	}

	FakeProvider openAi() {
		return this.openAi;
	}

	FakeProvider anthropic() {
		return this.anthropic;
	}

	FakeProvider gemini() {
		return this.gemini;
	}

	String url() {
		return this.server.url().toString();
	}

	OpenAIClient openAiClient(String key) {
		OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(url() + "/v1").apiKey(key).maxRetries(0).build();
		this.clients.add(client::close);
		return client;
	}

	AnthropicClient anthropicClient(String key) {
		AnthropicClient client = AnthropicOkHttpClient.builder().baseUrl(url()).apiKey(key).maxRetries(0).build();
		this.clients.add(client::close);
		return client;
	}

	Client geminiClient(String key) {
		// It waits even after the last attempt.
		HttpRetryOptions once = HttpRetryOptions.builder().attempts(1).initialDelay(0.001).maxDelay(0.001).build();
		Client client = Client.builder()
			.apiKey(key)
			.httpOptions(HttpOptions.builder().baseUrl(url()).retryOptions(once).build())
			.build();
		this.clients.add(client::close);
		return client;
	}

	/** What upstreams refused since this was asked the last time, as the real ones do. */
	List<String> newRejections() {
		List<String> rejections = new ArrayList<>();
		this.seenRejections
			.forEach((fake, seen) -> rejections.addAll(fake.rejections().subList(seen, fake.rejections().size())));
		this.seenRejections.replaceAll((fake, seen) -> fake.rejections().size());
		return rejections;
	}

	@Override
	public void close() {
		this.clients.forEach(Runnable::run);
		this.server.close();
		this.seenRejections.keySet().forEach(FakeProvider::close);
	}

}
