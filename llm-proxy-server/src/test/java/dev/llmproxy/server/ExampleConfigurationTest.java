package dev.llmproxy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.testkit.RawHttpClient;
import dev.llmproxy.testkit.RawResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** The example for operators starts the server as it is. */
class ExampleConfigurationTest {

	private static final String KEY = "sk-0123456789abcdef0123456789abcdef";

	@TempDir
	private Path credentials;

	@Test
	void theExampleStartsTheServer() throws IOException {
		Files.writeString(this.credentials.resolve("anthropic"), "sk-ant-example\n");
		Files.writeString(this.credentials.resolve("team-support"), KEY + "\n");
		Path example = Path.of("..", "config", "application-example.yaml").toAbsolutePath().normalize();
		SpringApplication application = new SpringApplication(LlmProxyServer.class);
		application.setDefaultProperties(Map.of("logging.level.root", "warn"));
		try (ConfigurableApplicationContext context = application.run("--spring.config.additional-location=" + example,
				"--server.port=0", "--management.server.port=0", "--CREDENTIALS_DIRECTORY=" + this.credentials,
				"--OPENAI_API_KEY=k", "--GEMINI_KEY_1=k", "--GEMINI_KEY_2=k", "--GROQ_KEY=k", "--AZURE_KEY=k",
				"--BEDROCK_KEY=k", "--OTHER_KEY=k", "--WEBHOOK_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
				"--SLACK_URL=https://hooks.slack.example.com/services/x")) {
			assertThat(context.getBean(LlmGateway.class)).isNotNull();
			assertThat(context.getBean(Providers.class).names()).contains("openai", "claude", "gemini", "groq", "azure",
					"bedrock", "local", "other", "simulator");
			int port = ((WebServerApplicationContext) context).getWebServer().getPort();
			try (RawHttpClient client = RawHttpClient.connect(port)) {
				RawResponse response = client.post("/v1/chat/completions", Map.of("authorization", "Bearer " + KEY),
						"{\"model\":\"simulator/instant\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
				assertThat(response.status()).isEqualTo(200);
				assertThat(client.post("/v1/chat/completions", Map.of(), "{}").status()).isEqualTo(401);
			}
		}
	}

}
