package dev.llmproxy.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the gateway as a reactive server. */
@SpringBootApplication(proxyBeanMethods = false)
public final class LlmProxyServer {

	private LlmProxyServer() {
	}

	public static void main(String[] args) {
		SpringApplication.run(LlmProxyServer.class, args);
	}

}
