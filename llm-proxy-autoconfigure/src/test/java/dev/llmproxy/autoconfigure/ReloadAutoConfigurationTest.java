package dev.llmproxy.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.llmproxy.gateway.ConfigurationReloaded;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.routing.Router;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** What an application has of reloading. */
class ReloadAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(ReloadAutoConfiguration.class, ReloadEndpointAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.up.type=ollama", "llm-proxy.aliases.fast=up/m");

	@Test
	void watchesNothingUnlessItIsAsked() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(ConfigurationReloader.class)
			.doesNotHaveBean(ConfigurationWatch.class)
			.doesNotHaveBean(ReloadEndpoint.class));
		this.runner.withPropertyValues("llm-proxy.reload.watch=true")
			.run((context) -> assertThat(context).hasSingleBean(ConfigurationWatch.class));
	}

	@Test
	void worksWithoutActuatorMetersAndSpringCloud() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate", "io.micrometer.core",
					"org.springframework.cloud"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ConfigurationReloader.class));
	}

	@Test
	void takesUpWhatSpringCloudHasRefreshed() {
		List<ConfigurationReloaded> events = new ArrayList<>();
		this.runner.withInitializer((context) -> context.addApplicationListener(listener(events))).run((context) -> {
			refresh(context.getSourceApplicationContext(), Map.of("llm-proxy.providers.other.type", "ollama"));
			assertThat(context.getBean(Providers.class).names()).containsExactlyInAnyOrder("up", "other");
			assertThat(events).singleElement().satisfies((event) -> {
				assertThat(event.generation()).isEqualTo(2);
				assertThat(event.parts()).containsExactly("providers", "routes");
				assertThat(event.properties()).containsExactly("llm-proxy.providers.other.type");
			});
		});
	}

	private static ApplicationListener<PayloadApplicationEvent<ConfigurationReloaded>> listener(
			List<ConfigurationReloaded> events) {
		return ApplicationListener.forPayload(events::add);
	}

	private static void refresh(ConfigurableApplicationContext context, Map<String, Object> properties) {
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("refreshed", properties));
		context.publishEvent(new EnvironmentChangeEvent(context, Set.copyOf(properties.keySet())));
	}

	@Test
	void anApplicationsOwnRouterStaysAndItsPropertiesNeedARestart() {
		Router own = (request) -> {
			throw new IllegalStateException("Not asked in this test");
		};
		this.runner.withBean(Router.class, () -> own).run((context) -> {
			assertThat(context).doesNotHaveBean(ReloadableRoutes.class);
			refresh(context.getSourceApplicationContext(), Map.of("llm-proxy.aliases.other", "up/n"));
			assertThat(context.getBean(Router.class)).isSameAs(own);
			assertThat(context.getBean(ConfigurationReloader.class).last()).satisfies((report) -> {
				assertThat(report.outcome()).isEqualTo(ReloadReport.Outcome.UNCHANGED);
				assertThat(report.needsRestart()).containsExactly("llm-proxy.aliases.other");
			});
		});
	}

	@Test
	void anApplicationsOwnProvidersStayAndItsRoutesChange() {
		Providers own = new Providers(List.<Provider>of(new ProviderDetectionTest.NamedProvider("up")));
		this.runner.withBean(Providers.class, () -> own).run((context) -> {
			assertThat(context).doesNotHaveBean(ReloadableProviders.class);
			refresh(context.getSourceApplicationContext(), Map.of("llm-proxy.aliases.other", "up/n"));
			assertThat(context.getBean(Providers.class)).isSameAs(own);
			assertThat(context.getBean(Router.class).routes()).extracting("name")
				.containsExactlyInAnyOrder("fast", "other");
		});
	}

	@Test
	void aPropertyThatThereIsNotIsRefusedAtTheStart() {
		this.runner.withPropertyValues("llm-proxy.aliasses.fast=up/m")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasMessageContaining("llm-proxy.aliasses.fast: there is no such property"));
	}

}
