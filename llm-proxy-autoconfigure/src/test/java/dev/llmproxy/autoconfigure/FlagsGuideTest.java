package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.llmproxy.gateway.Flags;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/** The examples of the guide to flags work as they stand there. */
class FlagsGuideTest {

	private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(llm-proxy:.*?)```", Pattern.DOTALL);

	static Stream<String> examples() throws IOException {
		return EXAMPLE.matcher(Files.readString(Path.of("..", "src-docs", "flags.md")))
			.results()
			.map((example) -> example.group(1));
	}

	@ParameterizedTest
	@MethodSource("examples")
	void everyExampleStarts(String example) {
		Gateway.runner()
			.withConfiguration(AutoConfigurations.of(CacheAutoConfiguration.class, ContextAutoConfiguration.class,
					FlagAutoConfiguration.class, ReloadAutoConfiguration.class))
			.withPropertyValues("OPENAI_API_KEY=k", "GROQ_API_KEY=k", "UNLEASH_TOKEN=k",
					"llm-proxy.flags.start-timeout=1ms")
			.withInitializer((context) -> {
				try {
					new YamlPropertySourceLoader()
						.load("example", new ByteArrayResource(example.getBytes(StandardCharsets.UTF_8)))
						.forEach(context.getEnvironment().getPropertySources()::addLast);
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			})
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(Flags.class));
	}

}
