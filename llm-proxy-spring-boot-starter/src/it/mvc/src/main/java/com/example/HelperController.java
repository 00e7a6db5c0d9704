package com.example;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.gateway.LlmGateway;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
class HelperController {

	private final LlmGateway gateway;

	HelperController(LlmGateway gateway) {
		this.gateway = gateway;
	}

	@GetMapping("/ask")
	Mono<String> ask(@RequestParam String question) {
		return this.gateway.chat(request(question)).map(ChatResponse::text);
	}

	@GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
	Flux<String> stream(@RequestParam String question) {
		return this.gateway.stream(request(question)).ofType(ChatEvent.TextDelta.class).map(ChatEvent.TextDelta::text);
	}

	private static ChatRequest request(String question) {
		return ChatRequest.builder("helper").message(Message.text(Role.USER, question)).build();
	}

}
