package com.example;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.gateway.LlmGateway;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Asks one question, and ends. */
@SpringBootApplication
public class CommandLineApplication {

	public static void main(String[] args) {
		SpringApplication.run(CommandLineApplication.class, args);
	}

	@Bean
	CommandLineRunner ask(LlmGateway gateway) {
		return (args) -> {
			ChatRequest question = ChatRequest.builder("helper")
				.message(Message.text(Role.USER, String.join(" ", args)))
				.build();
			System.out.println("Answer: " + gateway.chat(question).map(ChatResponse::text).block());
		};
	}

}
