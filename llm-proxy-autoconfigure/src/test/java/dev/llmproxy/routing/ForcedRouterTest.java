package dev.llmproxy.routing;

import java.util.List;
import java.util.Map;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.Target;
import org.junit.jupiter.api.Test;

import static dev.llmproxy.routing.Samples.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What a caller may force, and what not. */
class ForcedRouterTest {

	private final Provider one = new Samples.NamedProvider("one");

	private final Provider two = new Samples.NamedProvider("two");

	private final ModelRouter plain = new ModelRouter(new Providers(List.of(this.one, this.two)),
			List.of(new Route("smart",
					new RouteNode.Group(TargetSelector.LISTED,
							RouteNode.of(List.of(Target.of(this.one, "a"), Target.of(this.two, "b"),
									new Target("special", this.two, "c", Deployment.PLAIN)))),
					RetryPolicy.DEFAULT, List.of(new RouteNode.Leaf(Target.of(this.one, "d"))), List.of(), List.of(),
					null, new Route.Mirror(Target.of(this.two, "shadow"), 100), null)),
			null, RetryPolicy.DEFAULT);

	private final Router router = new ForcedRouter(this.plain);

	@Test
	void forcesATargetOfTheRouteAndNothingElse() {
		Route route = this.router
			.route(request("smart", Map.of("llm-proxy-force-target", "special"), List.of("smart")));
		assertThat(route.targets()).extracting(Target::id).containsExactly("special");
		assertThat(route.mirror()).isNull();
		assertThat(route.fallbacks()).isEmpty();
	}

	@Test
	void forcesAProviderOfTheRoute() {
		Route route = this.router.route(request("smart", Map.of("llm-proxy-force-provider", "one"), List.of("smart")));
		assertThat(route.targets()).extracting(Target::id).containsExactly("one/a", "one/d");
	}

	@Test
	void forcesTheProviderOfAModelThatIsNoRoute() {
		Route route = this.router.route(request("one/x", Map.of("llm-proxy-force-provider", "two"), List.of()));
		assertThat(route.targets()).extracting(Target::id).containsExactly("two/x");
	}

	@Test
	void forcesAnyTargetThatTheKeyAllows() {
		Map<String, String> headers = Map.of("llm-proxy-force-target", "two/x");
		assertThat(this.router.route(request("smart", headers, List.of("smart", "two/*"))).targets())
			.extracting(Target::id)
			.containsExactly("two/x");
		assertThatExceptionOfType(LlmException.class)
			.isThrownBy(() -> this.router.route(request("smart", headers, List.of("smart"))))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.PERMISSION));
		assertThatExceptionOfType(LlmException.class).isThrownBy(
				() -> this.router.route(request("one/x", Map.of("llm-proxy-force-provider", "two"), List.of("one/*"))))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.PERMISSION));
	}

	@Test
	void refusesWhatIsNotThere() {
		for (Map<String, String> headers : List.of(Map.of("llm-proxy-force-target", "gone/x"),
				Map.of("llm-proxy-force-target", "nothing"), Map.of("llm-proxy-force-provider", "gone"))) {
			assertThatExceptionOfType(LlmException.class)
				.isThrownBy(() -> this.router.route(request("smart", headers, List.of())))
				.satisfies((ex) -> assertThat(ex.error().code()).isEqualTo("forced_target_not_found"));
		}
	}

	@Test
	void leavesOtherRequestsAlone() {
		LlmRequest request = request("smart", Map.of(), List.of());
		assertThat(this.router.route(request)).isSameAs(this.plain.route(request));
		assertThat(this.router.routes()).isEqualTo(this.plain.routes());
	}

	@Test
	void whatARouteSaysOfATargetHoldsForWhoNamesItDirectly() {
		Deployment limited = new Deployment(5, 1, java.util.Set.of(), "eu", Deployment.Capabilities.UNKNOWN,
				new Deployment.Limits(10, 0, 0), null);
		ModelRouter router = new ModelRouter(new Providers(List.of(this.one)),
				List.of(Route.of("r", List.of(new Target("one/a", this.one, "a", limited)), RetryPolicy.DEFAULT)),
				"one", RetryPolicy.DEFAULT);
		for (String model : List.of("one/a", "a")) {
			assertThat(router.route(request(model, Map.of(), List.of())).targets()).extracting(Target::deployment)
				.containsExactly(limited);
		}
	}

	private static LlmRequest request(String model, Map<String, String> headers, List<String> models) {
		ChatRequest chat = chat("Hi").model(model).build();
		return Samples.request(chat, headers, new Caller("c", models));
	}

}
