package dev.llmproxy.server;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the server, calls it and ends, for the JVM to keep what it has loaded: in an
 * archive of classes ({@code -XX:ArchiveClassesAtExit}) or an AOT cache
 * ({@code -XX:AOTCacheOutput}). Needs no configuration and looks at none, listens on free
 * ports of the loopback address, and calls nobody but itself.
 */
public final class ArchiveTraining {

	private static final String[] ARGUMENTS = { "--spring.config.location=classpath:/application.yaml",
			"--server.address=127.0.0.1", "--server.port=0", "--management.server.port=0",
			"--llm-proxy.detect-providers=false", "--llm-proxy.server.systemd=false", "--logging.level.root=warn",
			"--llm-proxy.startup.summary=false" };

	private ArchiveTraining() {
	}

	public static void main(String[] args) throws IOException {
		try (ConfigurableApplicationContext context = SpringApplication.run(LlmProxyServer.class, ARGUMENTS)) {
			String url = "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
			call(url, false);
			call(url, true);
		}
	}

	private static void call(String url, boolean stream) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) URI.create(url + "/v1/chat/completions")
			.toURL()
			.openConnection();
		connection.setDoOutput(true);
		connection.setRequestProperty("content-type", "application/json");
		try (OutputStream body = connection.getOutputStream()) {
			body.write(("{\"model\":\"simulator/demo\",\"stream\":" + stream
					+ ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
				.getBytes(StandardCharsets.UTF_8));
		}
		connection.getInputStream().readAllBytes();
		connection.disconnect();
	}

}
