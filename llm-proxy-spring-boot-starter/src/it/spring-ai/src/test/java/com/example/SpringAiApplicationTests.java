package com.example;

import java.time.Duration;
import java.util.List;

import dev.llmproxy.client.CallReport;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest
class SpringAiApplicationTests {

	@Autowired
	private ChatClient client;

	@Autowired
	private EmbeddingModel embeddings;

	@Test
	void failsOverFromTheDeadProvider() {
		ChatResponse response = this.client.prompt("Hello").call().chatResponse();
		assertThat(response.getResult().getOutput().getText()).isNotBlank();
		CallReport report = response.getMetadata().get(CallReport.KEY);
		assertThat(report.provider()).isEqualTo("simulator");
		assertThat(report.attempts().get(0).provider()).isEqualTo("dead");
	}

	@Test
	void streams() {
		List<String> pieces = this.client.prompt("Hello").stream().content().collectList().block(Duration.ofSeconds(20));
		assertThat(String.join("", pieces)).isNotBlank();
	}

	@Test
	void embeds() {
		assertThat(this.embeddings.embed("Hello")).isNotEmpty();
	}

}
