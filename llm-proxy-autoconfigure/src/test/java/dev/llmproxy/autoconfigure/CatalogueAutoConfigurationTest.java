package dev.llmproxy.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.ModelPrices;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.catalog.ModelCatalogue;
import dev.llmproxy.provider.catalog.ModelDiscovery;
import dev.llmproxy.provider.catalog.ModelFacts;
import dev.llmproxy.provider.catalog.ModelListing;
import dev.llmproxy.routing.Route;
import dev.llmproxy.routing.Router;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is known of models, and what becomes of it. */
class CatalogueAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(CatalogueAutoConfiguration.class, ReloadAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.openai.api-key=k-0123456789", "llm-proxy.providers.up.type=ollama",
				"llm-proxy.aliases.alias=openai/gpt-4o-mini", "llm-proxy.routes.cheap.strategy=lowest-cost",
				"llm-proxy.routes.cheap.targets[0].model=openai/gpt-4o",
				"llm-proxy.routes.cheap.targets[1].model=openai/gpt-4o-mini",
				"llm-proxy.routes.said.targets[0].model=openai/gpt-4.1",
				"llm-proxy.routes.said.targets[0].prices.input=1",
				"llm-proxy.routes.said.targets[0].capabilities.context-window=5000");

	@Test
	void knowsTargetsOfWhichTheOperatorSaysNothing() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(ModelDiscovery.class).hasSingleBean(ModelListing.class);
			Deployment deployment = target(context, "cheap", "openai/gpt-4o-mini").deployment();
			assertThat(deployment.capabilities()).isEqualTo(Deployment.Capabilities.UNKNOWN);
			assertThat(deployment.known().contextWindow()).isEqualTo(128_000);
			assertThat(deployment.prices().input()).isEqualTo(150_000_000L);
			assertThat(deployment.prices().output()).isEqualTo(600_000_000L);
			assertThat(deployment.prices().cachedInput()).isEqualTo(75_000_000L);
			assertThat(target(context, "alias", "openai/gpt-4o-mini").deployment().prices()).isNotNull();
		});
	}

	@Test
	void whatTheOperatorSaysStays() {
		this.runner.run((context) -> {
			Deployment deployment = target(context, "said", "openai/gpt-4.1").deployment();
			assertThat(deployment.capabilities().contextWindow()).isEqualTo(5000);
			assertThat(deployment.known()).isEqualTo(Deployment.Capabilities.UNKNOWN);
			assertThat(deployment.prices()).isEqualTo(ModelPrices.of(1_000_000_000L, 0));
		});
	}

	@Test
	void nothingIsKnownWithoutACatalogue() {
		Gateway.runner()
			.withPropertyValues("llm-proxy.providers.openai.api-key=k-0123456789",
					"llm-proxy.aliases.alias=openai/gpt-4o-mini")
			.run((context) -> assertThat(target(context, "alias", "openai/gpt-4o-mini").deployment())
				.isEqualTo(Deployment.PLAIN));
	}

	@Test
	void anApplicationMayKnowBetter() {
		this.runner.withBean(ModelCatalogue.class, () -> ModelCatalogue.EMPTY)
			.run((context) -> assertThat(context).doesNotHaveBean(ReloadableCatalogue.class)
				.getBean(ModelListing.class)
				.satisfies((listing) -> assertThat(listing.catalogue().all()).isEmpty()));
	}

	@Test
	void propertiesGoBeforeTheFileAndThatBeforeWhatIsShipped(@TempDir Path directory) throws IOException {
		Path file = directory.resolve("models.yaml");
		Files.writeString(file, "models: { openai/gpt-4o: { max-output: 1, prices: { input: 7 } } }");
		this.runner
			.withPropertyValues("llm-proxy.catalogue.location=" + file,
					"llm-proxy.catalogue.models[openai/gpt-4o].max-output=2",
					"llm-proxy.catalogue.models[up/mine].like=openai/gpt-4o")
			.run((context) -> {
				ModelCatalogue catalogue = context.getBean(ModelListing.class).catalogue();
				ModelFacts facts = catalogue.find("openai", "gpt-4o");
				assertThat(facts.maxOutput()).isEqualTo(2);
				assertThat(facts.prices().input()).isEqualTo(7_000_000_000L);
				assertThat(facts.contextWindow()).isEqualTo(128_000);
				assertThat(facts.source()).isEqualTo(ModelFacts.Source.PROPERTY);
				assertThat(catalogue.find("up", "mine").contextWindow()).isEqualTo(128_000);
				assertThat(context.getBean(LiveSnapshot.class).get(ModelCatalogue.class).all()).isNotEmpty();
			});
	}

	@Test
	void isTakenUpAnewWithTheRoutesThatLookAtIt() {
		this.runner.run((context) -> {
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("new",
						Map.of("llm-proxy.catalogue.models[openai/gpt-4o-mini].prices.input", "3")));
			context.publishEvent(new EnvironmentChangeEvent(context, java.util.Set.of()));
			assertThat(context.getBean(ConfigurationReloader.class).last().parts()).containsExactly("catalogue",
					"routes");
			ModelPrices prices = target(context, "alias", "openai/gpt-4o-mini").deployment().prices();
			assertThat(prices.input()).isEqualTo(3_000_000_000L);
			assertThat(prices.output()).isEqualTo(600_000_000L);
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					llm-proxy.catalogue.location=/no/such/file                      | llm-proxy.catalogue.location: '/no/such/file' can't be read
					llm-proxy.catalogue.models[gpt-4o].max-output=1                 | llm-proxy.catalogue.models[gpt-4o]: 'gpt-4o' is no model
					llm-proxy.catalogue.models[a/b].max-output=-1                   | llm-proxy.catalogue.models[a/b]: A number of tokens
					llm-proxy.catalogue.models[a/b].input-modalities=smell          | llm-proxy.catalogue.models[a/b]: 'smell' is not one of
					llm-proxy.catalogue.models[a/b].prices.input=-1                 | llm-proxy.catalogue.models[a/b]: '-1' is not a price
					llm-proxy.catalogue.models[a/b].like=c/d                        | llm-proxy.catalogue.models[a/b]: 'a/b' is said to be like 'c/d'
					llm-proxy.catalogue.discovery.ttl=0s                            | llm-proxy.catalogue.discovery.ttl: it must be longer
					""")
	void namesThePropertyThatIsWrong(String property, String description) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(
					InvalidConfigurationTest.analyze(Objects.requireNonNull(context.getStartupFailure()))
						.getDescription())
				.contains(description));
	}

	private static Target target(AssertableReactiveWebApplicationContext context, String route, String id) {
		Route found = context.getBean(Router.class)
			.routes()
			.stream()
			.filter((one) -> one.name().equals(route))
			.findFirst()
			.orElseThrow();
		return found.targets().stream().filter((target) -> target.id().equals(id)).findFirst().orElseThrow();
	}

}
