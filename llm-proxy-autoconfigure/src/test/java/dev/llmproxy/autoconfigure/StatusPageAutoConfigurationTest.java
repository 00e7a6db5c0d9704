package dev.llmproxy.autoconfigure;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;

import dev.llmproxy.observability.call.CallObservation;
import dev.llmproxy.observability.status.TrafficBoard;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class StatusPageAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(StatusPageAutoConfiguration.class, MemoryAutoConfiguration.class,
				ResilienceAutoConfiguration.class, HealthAutoConfiguration.class, CacheAutoConfiguration.class,
				LimitAutoConfiguration.class, CallObservationAutoConfiguration.class))
		.withPropertyValues("llm-proxy.providers.up.type=ollama", "llm-proxy.aliases.smart=up/a,up/b");

	private final ReactiveWebApplicationContextRunner on = this.runner.withPropertyValues(
			"llm-proxy.status-page.enabled=true", "management.endpoints.web.exposure.include=llmstatus");

	@Test
	void thereIsNoneByDefault() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(StatusEndpoint.class)
			.doesNotHaveBean(StatusPage.class)
			.doesNotHaveBean(TrafficBoard.class));
	}

	@Test
	void enabledAloneOrExposedAloneCountsNothing() {
		this.runner.withPropertyValues("llm-proxy.status-page.enabled=true")
			.run((context) -> assertThat(context).doesNotHaveBean(StatusEndpoint.class)
				.doesNotHaveBean(TrafficBoard.class));
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=*")
			.run((context) -> assertThat(context).doesNotHaveBean(StatusEndpoint.class)
				.doesNotHaveBean(TrafficBoard.class));
	}

	@Test
	void isThereWhereBothAreSaid() {
		this.on.run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(StatusEndpoint.class).hasSingleBean(TrafficBoard.class);
			StatusReport report = context.getBean(StatusEndpoint.class).status();
			assertThat(report.providers()).extracting(StatusReport.ProviderState::name).containsExactly("up");
			assertThat(report.routes())
				.containsExactly(new StatusReport.RouteState("smart", "ordered", List.of("up/a", "up/b")));
			assertThat(report.targets()).extracting(StatusReport.TargetState::id).containsExactly("up/a", "up/b");
			assertThat(report.memory()).isNotNull();
			assertThat(report.traffic().routes()).isEqualTo(Map.of());
		});
	}

	@Test
	void doesWithoutWhatIsOptional() {
		Gateway.runner()
			.withConfiguration(AutoConfigurations.of(StatusPageAutoConfiguration.class))
			.withPropertyValues("llm-proxy.status-page.enabled=true", "llm-proxy.providers.up.type=ollama",
					"management.endpoints.web.exposure.include=llmstatus")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				StatusReport report = context.getBean(StatusEndpoint.class).status();
				assertThat(report.memory()).isNull();
				assertThat(report.cache()).isNull();
				assertThat(report.limits()).isNull();
				assertThat(report.configuration()).isNull();
			});
	}

	@Test
	void takesTheApplicationsBoard() {
		this.on.withBean("mine", TrafficBoard.class, () -> new TrafficBoard(InstantSource.system()))
			.run((context) -> assertThat(context).hasSingleBean(TrafficBoard.class).hasBean("mine"));
	}

	@Test
	void startsWithoutTheActuator() {
		this.on.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(CallObservation.class));
	}

	@Test
	void thePageAllowsItsOwnStyleAndScriptOnly() {
		StatusPage page = StatusPage.of("<style>a{}</style><script>1</script>");
		assertThat(page.policy()).startsWith("default-src 'none'; ")
			.contains("script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='", "connect-src 'self'",
					"frame-ancestors 'none'")
			.doesNotContain("unsafe");
		assertThat(StatusPage.load().html()).doesNotContain(" style=", " onclick=", "innerHTML", "document.cookie",
				"localStorage", "https://", "@import", "src=");
	}

	@Test
	void thereIsOneFileOnly() {
		this.on.run((context) -> {
			StatusEndpoint endpoint = context.getBean(StatusEndpoint.class);
			assertThat(endpoint.page("page").getStatus()).isEqualTo(200);
			assertThat(endpoint.page("page.js").getStatus()).isEqualTo(404);
		});
	}

}
