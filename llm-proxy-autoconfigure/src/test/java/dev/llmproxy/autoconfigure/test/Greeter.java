package dev.llmproxy.autoconfigure.test;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.stereotype.Component;

/** The component that is tested. */
@Component
class Greeter {

	private final ChatClient client;

	Greeter(ChatClient.Builder builder) {
		this.client = builder.build();
	}

	String greet() {
		return this.client.prompt("Hello").call().content();
	}

}
