package com.example;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = "server.address=127.0.0.1")
class WebfluxApplicationTests {

	private final HttpClient client = HttpClient.newHttpClient();

	@Value("${local.server.port}")
	private int port;

	@Test
	void asksInProcess() throws Exception {
		HttpResponse<String> answer = send(request("/ask?question=Hello"));
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).isNotBlank();
	}

	@Test
	void streamsInProcess() throws Exception {
		HttpResponse<String> answer = send(request("/stream?question=Hello"));
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).startsWith("data:");
	}

	@Test
	void servesTheGatewaysPathsBelowTheBasePath() throws Exception {
		String body = """
				{"model": "helper", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}""";
		HttpResponse<String> answer = send(request("/llm/v1/chat/completions")
			.header("content-type", "application/json")
			.POST(BodyPublishers.ofString(body)));
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.body()).startsWith("data:").endsWith("data: [DONE]\n\n");
		assertThat(send(request("/v1/models")).statusCode()).isEqualTo(404);
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + path));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return this.client.send(request.build(), BodyHandlers.ofString());
	}

}
