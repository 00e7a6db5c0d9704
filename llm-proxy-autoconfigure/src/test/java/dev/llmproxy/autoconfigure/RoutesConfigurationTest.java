package dev.llmproxy.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.provider.Deployment;
import dev.llmproxy.provider.ModelPrices;
import dev.llmproxy.provider.Target;
import dev.llmproxy.provider.TargetHeadroom;
import dev.llmproxy.provider.Timeouts;
import dev.llmproxy.provider.catalog.ListedModel;
import dev.llmproxy.provider.catalog.ModelListing;
import dev.llmproxy.routing.Requirement;
import dev.llmproxy.routing.RetryPolicy;
import dev.llmproxy.routing.Route;
import dev.llmproxy.routing.RouteNode;
import dev.llmproxy.routing.RoutePlanner;
import dev.llmproxy.routing.Router;
import org.junit.jupiter.api.Test;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What becomes of the properties of routes. */
class RoutesConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withPropertyValues("llm-proxy.providers.up.type=ollama", "llm-proxy.providers.eu.type=ollama");

	@Test
	void aRouteNeedsATargetAndNothingElse() {
		run("""
				r:
				  targets: [{model: up/m}]
				""", (context) -> {
			Route route = route(context, "r");
			assertThat(route.targets()).containsExactly(Target.of(target(route, "up/m").provider(), "m"));
			assertThat(route.retry()).isEqualTo(RetryPolicy.DEFAULT);
			assertThat(route.timeouts()).isNull();
			assertThat(route.hedging()).isNull();
			assertThat(route.mirror()).isNull();
		});
	}

	@Test
	void everythingOfATargetIsTold() {
		run("""
				r:
				  targets:
				    - model: up/family/m
				      id: mine
				      weight: 3
				      priority: 2
				      tags: [gdpr, fast]
				      region: eu-central-1
				      limits: {requests-per-minute: 500, tokens-per-minute: 400000, concurrency: 20}
				      prices: {input: 2.50, output: 0.000000001}
				      capabilities:
				        context-window: 128000
				        max-output: 4096
				        tools: true
				        vision: false
				        structured-output: true
				        documents: false
				        audio: true
				""", (context) -> {
			Target target = target(route(context, "r"), "mine");
			assertThat(target.model()).isEqualTo("family/m");
			assertThat(target.deployment()).isEqualTo(new Deployment(3, 2, Set.of("gdpr", "fast"), "eu-central-1",
					new Deployment.Capabilities(128_000, 4096, true, false, true, false, true),
					new Deployment.Limits(500, 400_000, 20), ModelPrices.of(2_500_000_000L, 1)));
		});
	}

	@Test
	void everythingOfARouteIsTold() {
		run("""
				other:
				  targets: [{model: up/o}]
				  fallbacks: [r]
				r:
				  strategy: priority
				  targets: [{model: up/a}, {model: eu/b, region: eu, id: b}]
				  require: {regions: [EU], tags: [x]}
				  fallbacks: [other, b, eu/c]
				  context-window-fallbacks: [up/long]
				  content-policy-fallbacks: [other]
				  retry: {max-retries: 5, base-delay: 10ms, max-delay: 1s, statuses: [429, 503]}
				  hedging: {min-delay: 100ms, max-delay: 2s, max-percent: 7.5}
				  mirror: {target: up/shadow, percent: 12.5}
				  timeouts: {first-token: 3s}
				""", (context) -> {
			Route route = route(context, "r");
			assertThat(route.requirement()).isEqualTo(new Requirement(Set.of("eu"), Set.of("x")));
			assertThat(route.fallbacks()).extracting(RouteNode::name).containsExactly("up/o", "b", "eu/c");
			assertThat(route.contextWindowFallbacks()).extracting(RouteNode::name).containsExactly("up/long");
			assertThat(route.contentPolicyFallbacks()).extracting(RouteNode::name).containsExactly("up/o");
			assertThat(route.retry())
				.isEqualTo(new RetryPolicy(5, Duration.ofMillis(10), Duration.ofSeconds(1), Set.of(429, 503)));
			assertThat(route.hedging()).extracting("minDelay", "maxDelay", "maxPercent")
				.containsExactly(Duration.ofMillis(100), Duration.ofSeconds(2), 7.5);
			assertThat(Objects.requireNonNull(route.mirror()).target().id()).isEqualTo("up/shadow");
			assertThat(route.mirror().percent()).isEqualTo(12.5);
			assertThat(route.timeouts()).isEqualTo(new Timeouts(Timeouts.DEFAULT.connect(), Duration.ofSeconds(60),
					Duration.ofSeconds(3), Duration.ofMinutes(2), Duration.ofMinutes(10), Duration.ofMinutes(60)));
			assertThat(((RouteNode.Group) route.root()).selector().strategy()).isEqualTo("priority");
		});
	}

	@Test
	void aPartOfARetryLeavesTheRest() {
		run("""
				r:
				  targets: [{model: up/m}]
				  retry: {max-retries: 0}
				""", (context) -> assertThat(route(context, "r").retry()).isEqualTo(new RetryPolicy(0,
				RetryPolicy.DEFAULT.baseDelay(), RetryPolicy.DEFAULT.maxDelay(), RetryPolicy.DEFAULT_STATUSES)));
	}

	@Test
	void whatIsSaidOfATargetHoldsWhereverItIsNamed() {
		run("""
				one:
				  targets: [{model: up/m, weight: 4, limits: {requests-per-minute: 10}}]
				two:
				  strategy: weighted
				  targets: [{model: up/m, weight: 2, region: eu}, {model: up/n}]
				  fallbacks: [eu/x]
				""", (context) -> {
			for (String route : List.of("one", "two", "up/m", "alias")) {
				Deployment deployment = target(route(context, route), "up/m").deployment();
				assertThat(deployment.limits().requestsPerMinute()).as(route).isEqualTo(10);
				assertThat(deployment.region()).as(route).isEqualTo("eu");
			}
			assertThat(target(route(context, "one"), "up/m").deployment().weight()).isEqualTo(4);
			assertThat(target(route(context, "two"), "up/m").deployment().weight()).isEqualTo(2);
		}, "llm-proxy.aliases.alias=up/m");
	}

	@Test
	void groupsNestWithAllStrategies() {
		for (RouteStrategy strategy : RouteStrategy.values()) {
			String name = strategy.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
			run("""
					r:
					  targets:
					    - model: up/a
					    - name: inner
					      weight: 3
					      priority: 1
					      strategy: %s
					      %s
					      targets: [{model: up/b, weight: 50}, {model: up/c, weight: 50}]
					""".formatted(name, (strategy == RouteStrategy.CONDITIONAL)
					? "conditions: [{query: {caller: {eq: x}}, then: up/b}]" : ""), (context) -> {
						RouteNode.Group root = (RouteNode.Group) route(context, "r").root();
						RouteNode.Group inner = (RouteNode.Group) root.children().get(1);
						assertThat(inner.selector().strategy()).isEqualTo(name);
						assertThat(inner.name()).isEqualTo("inner");
						assertThat(inner.weight()).isEqualTo(3);
						assertThat(inner.priority()).isEqualTo(1);
					});
		}
	}

	@Test
	void aGroupOfOneKeepsItsWeight() {
		run("""
				r:
				  strategy: weighted
				  targets:
				    - model: up/a
				    - {weight: 3, priority: 2, targets: [{model: up/b}]}
				""", (context) -> {
			RouteNode.Group root = (RouteNode.Group) route(context, "r").root();
			assertThat(root.children()).extracting(RouteNode::weight).containsExactly(1, 3);
			assertThat(root.children()).extracting(RouteNode::priority).containsExactly(0, 2);
			assertThat(root.children()).extracting(RouteNode::name).containsExactly("up/a", "(up/b)");
		});
	}

	@Test
	void conditionsAreReadAsTheyAreWrittenInYaml() {
		run("""
				r:
				  strategy: conditional
				  conditions:
				    - query:
				        $and:
				          - metadata.user_plan: {$in: [paid, trial]}
				          - estimated-tokens: {$gt: 100}
				      then: large
				    - query: {headers.x-team: {regex: ^sea}}
				      then: up/search
				    - query: {"[metadata.a/b]": {"[$eq]": 1}, params.max_tokens: {lte: 10}}
				      then: up/odd
				  default-target: up/small
				  targets:
				    - {model: up/small}
				    - {model: up/odd}
				    - {model: up/search}
				    - name: large
				      strategy: weighted
				      targets: [{model: up/l1}, {model: up/l2}]
				""", (context) -> {
			ChatRequest.Builder chat = ChatRequest.builder("r");
			assertThat(plan(context, chat.message(Message.text(Role.USER, "Hi")).build())).containsExactly("up/small");
			assertThat(plan(context, chat.build(), "x-team", "search")).containsExactly("up/search");
			assertThat(plan(context, chat.metadata(Map.of("a/b", "1")).maxTokens(9).build())).containsExactly("up/odd");
			assertThat(plan(context,
					chat.metadata(Map.of("user_plan", "trial"))
						.message(Message.text(Role.USER, "word ".repeat(200)))
						.build()))
				.containsExactlyInAnyOrder("up/l1", "up/l2");
		});
	}

	@Test
	void aRouteWithoutADefaultRefusesWhatMatchesNothing() {
		run("""
				r:
				  strategy: conditional
				  conditions: [{query: {caller: {eq: x}}, then: up/a}]
				  targets: [{model: up/a}]
				""", (context) -> {
			RoutePlanner planner = context.getBean(RoutePlanner.class);
			LlmRequest request = request(ChatRequest.builder("r").build());
			assertThat(planner.rehearse(route(context, "r"), request).refusal()).extracting((ex) -> ex.error().code())
				.isEqualTo("no_target_matches");
		});
	}

	@Test
	void usageAwareAsksWhoeverKnows() {
		load("""
				r:
				  strategy: usage-aware
				  targets: [{model: up/a}, {model: up/b}]
				""").withBean(TargetHeadroom.class, () -> (target) -> target.id().equals("up/b") ? 0.9 : 0.1)
			.run((context) -> assertThat(plan(context, ChatRequest.builder("r").build())).containsExactly("up/b",
					"up/a"));
	}

	@Test
	void aTargetMayBeForcedOnlyWhereThatIsAllowed() {
		String yaml = """
				r:
				  targets: [{model: up/a}, {model: up/b}]
				""";
		String[] header = { "llm-proxy-force-target", "up/b" };
		run(yaml, (context) -> assertThat(plan(context, ChatRequest.builder("r").build(), header))
			.containsExactly("up/a", "up/b"));
		run(yaml, (context) -> assertThat(plan(context, ChatRequest.builder("r").build(), header))
			.containsExactly("up/b"), "llm-proxy.routing.allow-forced=true");
	}

	@Test
	void routesAreListedAsModels() {
		run("""
				zebra: {targets: [{model: up/m}]}
				"[a/b.c]": {targets: [{model: up/m}]}
				""",
				(context) -> assertThat(Objects
					.requireNonNull(context.getBean(ModelListing.class).models().block(Duration.ofSeconds(20))))
					.extracting(ListedModel::id)
					.startsWith("a/b.c", "middle", "zebra"),
				"llm-proxy.aliases.middle=up/m", "llm-proxy.providers.up.models=m", "llm-proxy.providers.eu.models=m");
	}

	@Test
	void backsOffForARouterOfTheApplication() {
		Router own = (request) -> {
			throw new LlmException(dev.llmproxy.chat.ErrorKind.INTERNAL, "own");
		};
		load("r: {targets: [{model: gone/m}]}\n").withBean(Router.class, () -> own).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(Router.class);
			assertThat(own.routes()).isEmpty();
			assertThatExceptionOfType(LlmException.class).isThrownBy(() -> route(context, "r"));
		});
	}

	private void run(String routes, Consumer<AssertableReactiveWebApplicationContext> check, String... more) {
		load(routes).withPropertyValues(more).run((context) -> {
			assertThat(context).hasNotFailed();
			check.accept(context);
		});
	}

	private ReactiveWebApplicationContextRunner load(String routes) {
		String yaml = "llm-proxy:\n  routes:\n" + routes.indent(4);
		return this.runner.withInitializer((context) -> {
			try {
				new YamlPropertySourceLoader()
					.load("routes", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
					.forEach(context.getEnvironment().getPropertySources()::addLast);
			}
			catch (java.io.IOException ex) {
				throw new java.io.UncheckedIOException(ex);
			}
		});
	}

	private static Route route(ApplicationContext context, String model) {
		return context.getBean(Router.class).route(request(ChatRequest.builder(model).build()));
	}

	private static Target target(Route route, String id) {
		return route.targets().stream().filter((target) -> target.id().equals(id)).findFirst().orElseThrow();
	}

	private static List<String> plan(ApplicationContext context, ChatRequest chat, String... header) {
		LlmRequest request = request(chat, header);
		Route route = context.getBean(Router.class).route(request);
		return context.getBean(RoutePlanner.class).plan(route, request).targets().stream().map(Target::id).toList();
	}

	private static LlmRequest request(ChatRequest chat, String... header) {
		HttpHeaders headers = new HttpHeaders();
		if (header.length == 2) {
			headers.add(header[0], header[1]);
		}
		return LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.hints(headers)
			.body(new byte[0], Envelope.none())
			.build()
			.withChat(chat);
	}

}
