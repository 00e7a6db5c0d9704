package dev.llmproxy.autoconfigure.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.llmproxy.autoconfigure.CacheAutoConfiguration;
import dev.llmproxy.autoconfigure.GatewayAutoConfiguration;
import dev.llmproxy.autoconfigure.LlmGatewayTestAutoConfiguration;
import dev.llmproxy.autoconfigure.ProviderAutoConfiguration;
import dev.llmproxy.autoconfigure.RoutingAutoConfiguration;
import dev.llmproxy.autoconfigure.SpringAiAutoConfiguration;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.test.Cassette;
import dev.llmproxy.testkit.fake.FakeProvider;
import dev.llmproxy.testkit.fake.Fakes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Recorded at a provider behind a real socket, and replayed when that is gone. */
class CassetteTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@TempDir
	private Path directory;

	private ApplicationContextRunner runner(String url, String key, String mode) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(GatewayAutoConfiguration.class, ProviderAutoConfiguration.class,
					RoutingAutoConfiguration.class, CacheAutoConfiguration.class, SpringAiAutoConfiguration.class,
					LlmGatewayTestAutoConfiguration.class))
			.withPropertyValues("llm-proxy.detect-providers=false", "llm-proxy.providers.up.type=openai",
					"llm-proxy.providers.up.base-url=" + url + "/v1", "llm-proxy.providers.up.api-key=" + key,
					"llm-proxy.resilience.retry.max-attempts=1", "llm-proxy.spring-ai.chat.model=up/gpt-4o-mini",
					"llm-proxy.spring-ai.embedding.model=up/text-embedding-3-small",
					"llm-proxy.test.cassette=" + file(), "llm-proxy.test.cassette-mode=" + mode);
	}

	private Path file() {
		return this.directory.resolve("cassettes").resolve("talk.json");
	}

	private List<Object> talk(ChatModel chat, EmbeddingModel embedding) {
		ChatClient client = ChatClient.create(chat);
		return List.of(String.valueOf(client.prompt("hello there").call().content()),
				client.prompt("20 words, please").stream().content().collectList().block(PATIENCE).toString(),
				String.valueOf(client.prompt("How is the weather?")
					.tools(FunctionToolCallback.builder("get_weather", (Map<String, String> place) -> "sunny")
						.description("The weather")
						.inputType(Map.class)
						.build())
					.call()
					.content()),
				embedding.embed("one")[0]);
	}

	@Test
	void replaysWhatWasRecorded() throws IOException {
		List<Object> recorded;
		try (FakeProvider provider = Fakes.openAi()) {
			List<List<Object>> talks = new java.util.ArrayList<>();
			runner(provider.url().toString(), provider.apiKey(), "record").run((context) -> {
				assertThat(context).hasNotFailed();
				talks.add(talk(context.getBean(ChatModel.class), context.getBean(EmbeddingModel.class)));
			});
			recorded = talks.get(0);
			assertThat(provider.requests()).hasSize(5);
		}
		assertThat(recorded.get(0)).isEqualTo("You said: hello there");
		runner("http://127.0.0.1:1", "not-a-key-0123456789", "replay").run((context) -> {
			assertThat(talk(context.getBean(ChatModel.class), context.getBean(EmbeddingModel.class)))
				.isEqualTo(recorded);
			assertThat(context.getBean(Cassette.class).takeMissing()).isEmpty();
			assertThat(context.getBean(Cassette.class).size()).isEqualTo(5);
		});
	}

	@Test
	void saysWhatIsDifferent() {
		record("hello there");
		runner("http://127.0.0.1:1", "not-a-key-0123456789", "replay").run((context) -> {
			ChatClient client = ChatClient.create(context.getBean(ChatModel.class));
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> client.prompt("hello here").call().content())
				.satisfies((failure) -> assertThat(((LlmException) failure.getCause()).error().code())
					.isEqualTo("no_recording"))
				.withMessageContaining("/body/messages/0/content: recorded \"hello there\", asked \"hello here\"");
			assertThat(context.getBean(Cassette.class).takeMissing()).hasSize(1);
		});
	}

	@Test
	void answersRepeatedQuestionsInTheirOrder() {
		try (FakeProvider provider = Fakes.openAi()) {
			int[] count = { 0 };
			provider.behaviour((conversation) -> dev.llmproxy.testkit.fake.Answer.text("answer " + ++count[0]));
			runner(provider.url().toString(), provider.apiKey(), "record").run((context) -> {
				context.getBean(ChatModel.class).call("again");
				context.getBean(ChatModel.class).call("again");
			});
		}
		runner("http://127.0.0.1:1", "not-a-key-0123456789", "replay").run((context) -> {
			ChatModel model = context.getBean(ChatModel.class);
			assertThat(List.of(model.call("again"), model.call("again"), model.call("again")))
				.containsExactly("answer 1", "answer 2", "answer 2");
			context.getBean(Cassette.class).rewind();
			assertThat(model.call("again")).isEqualTo("answer 1");
		});
	}

	@Test
	void refusalsAreRecordedToo() {
		try (FakeProvider provider = Fakes.openAi().failNext(400, "No such thing")) {
			runner(provider.url().toString(), provider.apiKey(), "record")
				.run((context) -> assertThatExceptionOfType(RuntimeException.class)
					.isThrownBy(() -> context.getBean(ChatModel.class).call("bad")));
		}
		runner("http://127.0.0.1:1", "not-a-key-0123456789", "replay")
			.run((context) -> assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> context.getBean(ChatModel.class).call("bad"))
				.withMessageContaining("No such thing"));
	}

	@Test
	void nothingSecretIsOnTheTape() throws IOException {
		record("my key is sk-abcdefghijklmnopqrstuvwxyz123456");
		String tape = Files.readString(file());
		assertThat(tape).contains("[secret]").doesNotContain("sk-abcdefgh").doesNotContainIgnoringCase("authorization");
		runner("http://127.0.0.1:1", "not-a-key-0123456789", "replay").run((context) -> assertThat(
				context.getBean(ChatModel.class).call("my key is sk-abcdefghijklmnopqrstuvwxyz123456"))
			.contains("[secret]"));
	}

	private void record(String question) {
		try (FakeProvider provider = Fakes.openAi()) {
			runner(provider.url().toString(), provider.apiKey(), "record")
				.run((context) -> context.getBean(ChatModel.class).call(question));
			assertThat(Files.exists(file())).isTrue();
			assertThat(readTape()).doesNotContain(provider.apiKey());
		}
	}

	private String readTape() {
		try {
			return Files.readString(file());
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	@Test
	void leavesTheTapeAloneWhereThatIsWanted() {
		try (FakeProvider provider = Fakes.openAi()) {
			runner(provider.url().toString(), provider.apiKey(), "none")
				.run((context) -> assertThat(context.getBean(ChatModel.class).call("hello"))
					.isEqualTo("You said: hello"));
			assertThat(file()).doesNotExist();
		}
	}

	@Test
	void saysThatThereIsNoCassette() {
		runner("http://127.0.0.1:1", "not-a-key-0123456789", "replay").run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("llm-proxy.test.cassette")
			.hasMessageContaining("cassette-mode=record"));
	}

}
