package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.llmproxy.routing.Router;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/** The examples of the guide to routing work as they stand there. */
class RoutingGuideTest {

	private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(llm-proxy:.*?)```", Pattern.DOTALL);

	private static final String[] PROVIDERS = { "OPENAI_API_KEY=k", "GROQ_API_KEY=k", "GEMINI_API_KEY=k",
			"MISTRAL_API_KEY=k", "llm-proxy.providers.claude.type=anthropic", "llm-proxy.providers.claude.api-key=k",
			"llm-proxy.providers.azure.base-url=https://example.openai.azure.com/openai/v1",
			"llm-proxy.providers.azure.api-key=k", "llm-proxy.providers.bedrock.region=eu-west-1",
			"llm-proxy.providers.bedrock.api-key=k", "llm-proxy.providers.local.type=vllm" };

	static Stream<String> examples() throws IOException {
		String guide = Files.readString(Path.of("..", "src-docs", "routing.md"));
		return EXAMPLE.matcher(guide).results().map((MatchResult example) -> example.group(1));
	}

	@ParameterizedTest
	@MethodSource("examples")
	void everyExampleStarts(String example) {
		Gateway.runner()
			.withPropertyValues(PROVIDERS)
			.withInitializer((context) -> load(example).forEach(context.getEnvironment().getPropertySources()::addLast))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				RoutingProperties properties = context.getBean(RoutingProperties.class);
				assertThat(context.getBean(Router.class).routes())
					.hasSize(properties.routes().size() + properties.aliases().size());
			});
	}

	@ParameterizedTest
	@MethodSource("examples")
	void everyPropertyIsKnown(String example) {
		Binder binder = new Binder(ConfigurationPropertySources.from(load(example)));
		binder.bind("llm-proxy", Bindable.of(RoutingProperties.class),
				new NoUnboundElementsBindHandler(BindHandler.DEFAULT, (source) -> true));
	}

	@Test
	void thereIsAnExampleOfEveryKind() throws IOException {
		assertThat(examples()).hasSizeGreaterThan(7);
	}

	private static List<PropertySource<?>> load(String yaml) {
		try {
			return new YamlPropertySourceLoader().load("example",
					new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
