package com.example;

import dev.llmproxy.client.CallReport;
import dev.llmproxy.gateway.AttemptRecord;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Asks one question, of a dead provider and then of a living one, and ends. */
@SpringBootApplication
public class SpringAiApplication {

	public static void main(String[] args) {
		SpringApplication.run(SpringAiApplication.class, args);
	}

	@Bean
	ChatClient client(ChatClient.Builder builder) {
		return builder.defaultSystem("Be brief.").build();
	}

	@Bean
	CommandLineRunner ask(ChatClient client) {
		return (args) -> {
			ChatResponse response = client.prompt(String.join(" ", args) + "?").call().chatResponse();
			System.out.println("Answer: " + response.getResult().getOutput().getText());
			CallReport report = response.getMetadata().get(CallReport.KEY);
			System.out.println("Asked: " + report.attempts().stream().map(AttemptRecord::provider).toList());
		};
	}

}
