package dev.llmproxy.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptGate;
import dev.llmproxy.provider.AttemptListener;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.Unavailability;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** What an operator sees of routes. */
class RoutesEndpointTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				RoutesEndpointAutoConfiguration.class))
		.withBean(AttemptGate.class, Resting::new)
		.withPropertyValues("llm-proxy.providers.up.type=ollama", "llm-proxy.providers.up.api-key=sk-secret",
				"llm-proxy.aliases.alias=up/a", "llm-proxy.routes.smart.strategy=priority",
				"llm-proxy.routes.smart.targets[0].model=up/small",
				"llm-proxy.routes.smart.targets[0].capabilities.context-window=100",
				"llm-proxy.routes.smart.targets[0].prices.input=2.50", "llm-proxy.routes.smart.targets[0].region=eu",
				"llm-proxy.routes.smart.targets[1].model=up/resting", "llm-proxy.routes.smart.targets[1].priority=1",
				"llm-proxy.routes.smart.targets[2].model=up/large", "llm-proxy.routes.smart.targets[2].priority=2",
				"llm-proxy.routes.smart.context-window-fallbacks=up/huge",
				"llm-proxy.routes.smart.mirror.target=up/shadow", "llm-proxy.routes.[a/b].targets[0].model=up/a");

	private final ReactiveWebApplicationContextRunner exposed = this.runner
		.withPropertyValues("management.endpoints.web.exposure.include=llmroutes");

	@Test
	void isThereOnlyWhereItIsExposed() {
		this.exposed.run((context) -> assertThat(context).hasSingleBean(RoutesEndpoint.class));
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(RoutesEndpoint.class));
		this.exposed.withPropertyValues("management.endpoint.llmroutes.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(RoutesEndpoint.class));
	}

	@Test
	void isAbsentWithoutTheActuator() {
		Gateway.runner()
			.withConfiguration(AutoConfigurations.of(RoutesEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=llmroutes")
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RoutesEndpoint.class));
	}

	@Test
	void showsAllRoutes() {
		run((endpoint, json) -> assertThat(json.apply(endpoint.routes()).at("/routes").findValuesAsString("name"))
			.contains("a/b", "alias", "smart"));
	}

	@Test
	void showsOneRouteWithItsTargetsAndTheirState() {
		run((endpoint, json) -> {
			assertThat(endpoint.route("nothing")).isNull();
			assertThat(endpoint.route("a", "b")).isNotNull();
			JsonNode route = json.apply(Objects.requireNonNull(endpoint.route("smart")));
			assertThat(route.at("/root/strategy").asString()).isEqualTo("priority");
			assertThat(route.at("/root/targets/1/name").asString()).isEqualTo("up/resting");
			assertThat(route.at("/root/targets/1/priority").asInt()).isEqualTo(1);
			assertThat(route.at("/contextWindowFallbacks/0/name").asString()).isEqualTo("up/huge");
			assertThat(route.at("/mirror/target").asString()).isEqualTo("up/shadow");
			assertThat(route.at("/retry/maxRetries").asInt()).isEqualTo(2);
			JsonNode small = route.path("targets").path("up/small");
			assertThat(small.at("/prices/input").decimalValue()).isEqualByComparingTo("2.5");
			assertThat(small.at("/capabilities/contextWindow").asInt()).isEqualTo(100);
			assertThat(small.at("/region").asString()).isEqualTo("eu");
			assertThat(small.at("/state/inFlight").asInt(-1)).isZero();
			assertThat(small.at("/state/unavailable").isNull()).isTrue();
			JsonNode resting = route.path("targets").path("up/resting").at("/state/unavailable");
			assertThat(resting.at("/reason").asString()).isEqualTo("resting");
			assertThat(route.toString()).doesNotContain("secret");
		});
	}

	@Test
	void rehearsesASampleRequest() {
		run((endpoint, json) -> {
			String body = "{\"model\":\"smart\",\"messages\":[{\"role\":\"user\",\"content\":\"confidential "
					+ "word ".repeat(200) + "\"}]}";
			WebEndpointResponse<Object> response = endpoint.rehearse(null, body, null, null, null, null);
			assertThat(response.getStatus()).isEqualTo(200);
			JsonNode rehearsal = json.apply(response.getBody());
			assertThat(rehearsal.at("/route").asString()).isEqualTo("smart");
			assertThat(rehearsal.at("/candidates").findValuesAsString("target")).containsExactly("up/small",
					"up/resting", "up/large");
			assertThat(rehearsal.at("/candidates/0/unsuited/reason").asString()).isEqualTo("context_window");
			assertThat(rehearsal.at("/candidates/0/tried").asBoolean(true)).isFalse();
			assertThat(rehearsal.at("/candidates/1/unavailable/reason").asString()).isEqualTo("resting");
			assertThat(rehearsal.at("/candidates/2/tried").asBoolean()).isTrue();
			assertThat(rehearsal.at("/ifTooLong/0/target").asString()).isEqualTo("up/huge");
			assertThat(rehearsal.at("/mirror").asString()).isEqualTo("up/shadow");
			assertThat(rehearsal.at("/refusal").isNull()).isTrue();
			assertThat(rehearsal.toString()).doesNotContain("confidential");
		});
	}

	@Test
	void rehearsesOtherDialectsAndHeaders() {
		run((endpoint, json) -> {
			JsonNode rehearsal = json.apply(
					endpoint
						.rehearse("smart", "{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
								"anthropic", "chat", "llm-proxy-region: eu\n\nx-team: search", "team")
						.getBody());
			assertThat(rehearsal.at("/candidates/0/tried").asBoolean()).isTrue();
			assertThat(rehearsal.at("/candidates/2/unsuited/reason").asString()).isEqualTo("region");
			JsonNode refused = json
				.apply(endpoint.rehearse("smart", null, null, null, "llm-proxy-region: mars", null).getBody());
			assertThat(refused.at("/refusal/status").asInt()).isEqualTo(400);
			assertThat(refused.at("/refusal/code").asString()).isEqualTo("region");
			assertThat(json.apply(endpoint.rehearse("smart", null, null, "embeddings", null, null).getBody())
				.at("/candidates/0/target")
				.asString()).isEqualTo("up/small");
		});
	}

	@Test
	void saysWhatIsWrongWithASample() {
		run((endpoint, json) -> {
			assertThat(endpoint.rehearse("gone/x/y", null, null, null, null, null).getStatus()).isEqualTo(200);
			assertThat(endpoint.rehearse(null, null, null, null, null, null).getStatus()).isEqualTo(400);
			assertThat(endpoint.rehearse(null, "{\"model\":", null, null, null, null).getStatus()).isEqualTo(400);
			assertThat(endpoint.rehearse("smart", "{\"messages\":3}", null, null, null, null).getStatus())
				.isEqualTo(400);
			assertThat(endpoint.rehearse("smart", null, "klingon", null, null, null).getStatus()).isEqualTo(400);
			assertThat(endpoint.rehearse("smart", null, null, "dance", null, null).getStatus()).isEqualTo(400);
			assertThat(endpoint.rehearse("smart", null, null, null, "no colon", null).getStatus()).isEqualTo(400);
		});
	}

	private void run(BiConsumer<RoutesEndpoint, java.util.function.Function<Object, JsonNode>> check) {
		this.exposed.run((context) -> {
			assertThat(context).hasNotFailed();
			JsonMapper mapper = JsonMapper.builder().build();
			check.accept(context.getBean(RoutesEndpoint.class), mapper::valueToTree);
		});
	}

	/** One target rests. */
	private static final class Resting implements AttemptGate {

		@Override
		public AttemptListener enter(Attempt attempt) {
			return AttemptListener.NONE;
		}

		@Override
		public Unavailability unavailability(Target target) {
			return target.id().equals("up/resting") ? new Unavailability("resting", "rests for a while", null) : null;
		}

	}

}
