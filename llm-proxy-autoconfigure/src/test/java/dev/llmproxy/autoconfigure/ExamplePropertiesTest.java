package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;

/** The example for operators has no property that is not one. */
class ExamplePropertiesTest {

	private static final Map<String, Bindable<?>> PARTS = Map.ofEntries(
			Map.entry("llm-proxy.providers", Bindable.mapOf(String.class, ProviderProperties.Settings.class)),
			Map.entry("llm-proxy.aliases", Bindable.mapOf(String.class, Object.class)),
			Map.entry("llm-proxy.routes", Bindable.mapOf(String.class, RouteProperties.class)),
			Map.entry("llm-proxy.simulator", Bindable.of(SimulatorProperties.class)),
			Map.entry("llm-proxy.access", Bindable.of(AccessProperties.class)),
			Map.entry("llm-proxy.budgets", Bindable.of(BudgetProperties.class)),
			Map.entry("llm-proxy.access-log", Bindable.of(AccessLogProperties.class)),
			Map.entry("llm-proxy.limits", Bindable.of(LimitProperties.class)),
			Map.entry("llm-proxy.cache", Bindable.of(CacheProperties.class)),
			Map.entry("llm-proxy.cluster", Bindable.of(ClusterProperties.class)),
			Map.entry("llm-proxy.context", Bindable.of(ContextProperties.class)),
			Map.entry("llm-proxy.memory", Bindable.of(MemoryProperties.class)),
			Map.entry("llm-proxy.flags", Bindable.of(FlagProperties.class)),
			Map.entry("llm-proxy.plugins", Bindable.of(PluginProperties.class)),
			Map.entry("llm-proxy.health", Bindable.of(HealthProperties.class)),
			Map.entry("llm-proxy.tokens", Bindable.of(TokenProperties.class)),
			Map.entry("llm-proxy.tracing", Bindable.of(TracingProperties.class)),
			Map.entry("llm-proxy.catalogue", Bindable.of(CatalogueProperties.class)),
			Map.entry("llm-proxy.events", Bindable.of(EventProperties.class)),
			Map.entry("llm-proxy.alerts", Bindable.of(AlertProperties.class)),
			Map.entry("llm-proxy.usage", Bindable.of(UsageProperties.class)),
			Map.entry("llm-proxy.spring-ai", Bindable.of(SpringAiProperties.class)),
			Map.entry("llm-proxy.langchain4j", Bindable.of(LangChain4jProperties.class)),
			Map.entry("llm-proxy.status-page", Bindable.of(StatusPageProperties.class)),
			Map.entry("llm-proxy.web", Bindable.of(WebProperties.class)));

	private static final Set<String> PLAIN = Set.of("llm-proxy.detect-providers", "llm-proxy.default-provider");

	@Test
	void everyPropertyIsKnown() throws IOException {
		List<PropertySource<?>> example = new YamlPropertySourceLoader().load("example",
				new FileSystemResource(Path.of("..", "config", "application-example.yaml")));
		PlaceholdersResolver placeholders = (value) -> (value instanceof String text)
				? text.replaceAll("\\$\\{(\\w+)}", "/tmp/$1") : value;
		Binder binder = new Binder(ConfigurationPropertySources.from(example), placeholders);
		BindHandler strict = new NoUnboundElementsBindHandler(BindHandler.DEFAULT, (source) -> true);
		PARTS.forEach((name, part) -> assertThat(binder.bind(name, part, strict).isBound()).as(name).isTrue());
		Set<String> names = new TreeSet<>();
		for (PropertySource<?> source : example) {
			names.addAll(List.of(((EnumerablePropertySource<?>) source).getPropertyNames()));
		}
		assertThat(names).filteredOn((name) -> name.startsWith("llm-proxy."))
			.allMatch((name) -> PLAIN.contains(name) || PARTS.keySet()
				.stream()
				.anyMatch((part) -> name.startsWith(part + ".") || name.startsWith(part + "[")));
	}

}
