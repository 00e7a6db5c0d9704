package dev.llmproxy.testkit.fake;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import dev.llmproxy.testkit.SseEvent;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/** Calls a fake provider with JSON in single quotes, for the fakes' own tests. */
final class FakeCaller {

	static final Duration SOON = Duration.ofSeconds(10);

	private final FakeProvider provider;

	private final Map<String, String> headers;

	FakeCaller(FakeProvider provider, Map<String, String> headers) {
		this.provider = provider;
		this.headers = headers;
	}

	static String json(String singleQuoted) {
		return singleQuoted.replace('\'', '"');
	}

	RawResponse post(String path, String body) {
		try (RawHttpClient client = RawHttpClient.connect(this.provider.url())) {
			return client.post(path, this.headers, json(body));
		}
	}

	RawResponse get(String path) {
		try (RawHttpClient client = RawHttpClient.connect(this.provider.url())) {
			return client.get(path, this.headers);
		}
	}

	/** The answer to a request that must be valid. */
	JsonNode ok(String path, String body) {
		RawResponse response = post(path, body);
		assertThat(response.status()).as(response.text()).isEqualTo(200);
		return response.json();
	}

	/** The whole error body that a bad request gets. */
	JsonNode rejected(String path, String body) {
		RawResponse response = post(path, body);
		assertThat(response.status()).as(response.text()).isEqualTo(400);
		return response.json();
	}

	/** The events of a stream that must be valid. */
	List<SseEvent> stream(String path, String body) {
		try (RawHttpClient client = RawHttpClient.connect(this.provider.url())) {
			client.sendPost(path, this.headers, json(body));
			RawResponse head = client.readHead();
			assertThat(head.status()).isEqualTo(200);
			assertThat(head.header("content-type")).startsWith("text/event-stream");
			return client.readEvents(SOON);
		}
	}

}
