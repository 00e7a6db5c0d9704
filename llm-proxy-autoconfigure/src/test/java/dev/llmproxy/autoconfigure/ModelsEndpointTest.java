package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.Objects;

import dev.llmproxy.provider.catalog.ModelDiscovery;
import dev.llmproxy.provider.Providers;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** What an operator sees of models. */
class ModelsEndpointTest {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				CatalogueAutoConfiguration.class, ModelsEndpointAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.openai.api-key=k-0123456789",
				"llm-proxy.providers.openai.models=gpt-4o,gpt-9", "llm-proxy.aliases.fast=openai/gpt-4o-mini",
				"llm-proxy.catalogue.models[openai/gpt-9].context-window=9");

	private final ReactiveWebApplicationContextRunner exposed = this.runner
		.withPropertyValues("management.endpoints.web.exposure.include=llmmodels");

	@Test
	void isThereOnlyWhereItIsExposed() {
		this.exposed.run((context) -> assertThat(context).hasSingleBean(ModelsEndpoint.class));
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(ModelsEndpoint.class));
	}

	@Test
	void isAbsentWithoutTheActuator() {
		Gateway.runner()
			.withConfiguration(AutoConfigurations.of(ModelsEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=llmmodels")
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ModelsEndpoint.class));
	}

	@Test
	void listsModelsAndWhoKnowsThem() {
		this.exposed.run((context) -> {
			ModelsEndpoint endpoint = context.getBean(ModelsEndpoint.class);
			ModelsEndpoint.Descriptor all = Objects.requireNonNull(endpoint.models(null, null).block(PATIENCE));
			assertThat(all.models()).extracting(ModelsEndpoint.ModelState::id)
				.containsExactly("fast", "openai/gpt-4o", "openai/gpt-9");
			assertThat(all.models()).extracting(ModelsEndpoint.ModelState::source)
				.containsExactly("shipped", "shipped", "property");
			assertThat(all.providers()).singleElement().satisfies((one) -> {
				assertThat(one.models()).isEqualTo(2);
				assertThat(one.refreshed()).isNotNull();
				assertThat(one.failingSince()).isNull();
			});
			assertThat(Objects.requireNonNull(endpoint.models("openai", "GPT-9").block(PATIENCE)).models()).hasSize(1);
			assertThat(Objects.requireNonNull(endpoint.models("nobody", null).block(PATIENCE)).models()).isEmpty();
		});
	}

	@Test
	void showsOneModel() {
		this.exposed.run((context) -> {
			ModelsEndpoint endpoint = context.getBean(ModelsEndpoint.class);
			WebEndpointResponse<ModelsEndpoint.ModelState> found = endpoint.model("openai", "gpt-4o-2024-08-06")
				.block(PATIENCE);
			assertThat(found).isNotNull();
			assertThat(found.getBody()).satisfies((model) -> {
				assertThat(model.knownAs()).isEqualTo("openai/gpt-4o");
				assertThat(model.facts()).isNotNull();
			});
			assertThat(endpoint.model("nobody", "x").block(PATIENCE)).extracting(WebEndpointResponse::getStatus)
				.isEqualTo(404);
		});
	}

	@Test
	void asksAProviderOnDemand() {
		this.exposed.run((context) -> {
			ModelsEndpoint endpoint = context.getBean(ModelsEndpoint.class);
			assertThat(endpoint.refresh(SecurityContext.NONE, "nobody").block(PATIENCE))
				.extracting(WebEndpointResponse::getStatus)
				.isEqualTo(404);
			assertThat(context.getBean(ModelDiscovery.class)
				.known(Objects.requireNonNull(context.getBean(Providers.class).find("openai")))
				.toldAt()).isNull();
			assertThat(Objects.requireNonNull(endpoint.refresh(SecurityContext.NONE, "openai").block(PATIENCE))
				.getBody()
				.models()).isEqualTo(2);
		});
	}

}
