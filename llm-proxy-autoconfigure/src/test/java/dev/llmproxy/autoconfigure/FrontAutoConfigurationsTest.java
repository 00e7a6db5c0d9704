package dev.llmproxy.autoconfigure;

import java.net.URI;
import java.util.List;

import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.web.ClientKeyWebFilter;
import dev.llmproxy.web.GatewayErrorHandler;
import dev.llmproxy.web.GatewayPaths;
import dev.llmproxy.web.GatewayRoutes;
import dev.llmproxy.web.OtherPathsWebFilter;
import dev.llmproxy.web.ResponseHeadersWebFilter;
import dev.llmproxy.web.WebSettings;
import dev.llmproxy.web.connection.ConnectionGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springdoc.core.customizers.OpenApiCustomizer;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.http.HttpMethod;
import org.springframework.mock.env.MockPropertySource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.web.server.MatcherSecurityWebFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;

import static org.assertj.core.api.Assertions.assertThat;

/** Default, back-off and absence of the front's auto-configurations. */
class FrontAutoConfigurationsTest {

	private static final AutoConfigurations FRONT = AutoConfigurations.of(AccessAutoConfiguration.class,
			ProviderAutoConfiguration.class, RoutingAutoConfiguration.class, GatewayAutoConfiguration.class,
			ReactiveWebAutoConfiguration.class, ConnectionGuardAutoConfiguration.class,
			AddressGuardAutoConfiguration.class, ExclusiveSecurityAutoConfiguration.class,
			SharedSecurityAutoConfiguration.class, SecurityAutoConfiguration.class, OpenApiAutoConfiguration.class,
			SecretSanitizingAutoConfiguration.class, WebFluxAutoConfiguration.class,
			HttpHandlerAutoConfiguration.class);

	private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
		.withPropertyValues("llm-proxy.detect-providers=false", "llm-proxy.web.enabled=true")
		.withConfiguration(FRONT);

	private final ReactiveWebApplicationContextRunner secured = this.runner.withConfiguration(AutoConfigurations
		.of(ReactiveWebSecurityAutoConfiguration.class, ReactiveUserDetailsServiceAutoConfiguration.class));

	@Test
	void anApplicationGetsThePathsAndNothingThatIsAboutItsOwn() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(GatewayRoutes.class)
				.hasSingleBean(ClientKeyWebFilter.class)
				.hasSingleBean(GatewayErrorHandler.class)
				.hasSingleBean(ResponseHeadersWebFilter.class);
			assertThat(context).doesNotHaveBean(ConnectionGuard.class)
				.doesNotHaveBean(AddressGuard.class)
				.doesNotHaveBean(OtherPathsWebFilter.class)
				.doesNotHaveBean("llmCorsWebFilter")
				.doesNotHaveBean("llmOtherPathsSecurityChain");
		});
	}

	@Test
	void withoutAReactiveServerThereIsNoFront() {
		new ApplicationContextRunner().withPropertyValues("llm-proxy.detect-providers=false")
			.withConfiguration(FRONT)
			.run((context) -> assertThat(context).doesNotHaveBean(GatewayRoutes.class).hasSingleBean(ClientKeys.class));
	}

	@Test
	void thereIsNoFrontUnlessThatIsSaid() {
		new ReactiveWebApplicationContextRunner().withPropertyValues("llm-proxy.detect-providers=false")
			.withConfiguration(FRONT)
			.run((context) -> assertThat(context).hasSingleBean(LlmGateway.class)
				.doesNotHaveBean(GatewayPaths.class)
				.doesNotHaveBean(ClientKeyWebFilter.class));
	}

	@Test
	void theFrontCanBeSwitchedOff() {
		this.secured.withPropertyValues("llm-proxy.web.enabled=false", "llm-proxy.web.connections.guard=true")
			.run((context) -> assertThat(context).doesNotHaveBean(GatewayRoutes.class)
				.doesNotHaveBean(ConnectionGuard.class)
				.doesNotHaveBean("llmGatewaySecurityChain"));
	}

	@Test
	void backsOffForAnApplicationsOwnSettings() {
		WebSettings own = new WebSettings("/own", 10, JsonLimits.DEFAULT, true, null, null);
		this.runner.withBean(WebSettings.class, () -> own)
			.run((context) -> assertThat(context.getBean(WebSettings.class)).isSameAs(own));
	}

	@Test
	void connectionsAreGuardedOnlyWhereThatIsSaid() {
		this.runner.withPropertyValues("llm-proxy.web.connections.guard=true")
			.run((context) -> assertThat(context).hasSingleBean(ConnectionGuard.class)
				.hasSingleBean(NettyServerCustomizer.class));
		this.runner.withPropertyValues("llm-proxy.web.connections.guard=true")
			.withClassLoader(new FilteredClassLoader(NettyServerCustomizer.class))
			.run((context) -> assertThat(context).doesNotHaveBean(ConnectionGuard.class));
	}

	@Test
	void theAddressIsGuardedOnlyWhereThatIsSaid() {
		this.runner.withPropertyValues("llm-proxy.access.guard-address=true")
			.run((context) -> assertThat(context).hasSingleBean(AddressGuard.class));
	}

	@Test
	void pagesOfOtherOriginsNeedAnOrigin() {
		this.runner.withPropertyValues("llm-proxy.web.cors.allowed-origin-patterns[0]=https://*.example.com")
			.run((context) -> assertThat(context).hasBean("llmCorsWebFilter"));
		this.runner.withPropertyValues("llm-proxy.web.cors.allowed-methods=GET")
			.run((context) -> assertThat(context).doesNotHaveBean("llmCorsWebFilter"));
	}

	@ParameterizedTest
	@CsvSource({ "llm-proxy.web.base-path=llm,llm-proxy.web.base-path",
			"llm-proxy.web.base-path=/llm/,llm-proxy.web.base-path",
			"llm-proxy.web.max-body-size=3GB,llm-proxy.web.max-body-size",
			"llm-proxy.web.max-body-size=0B,llm-proxy.web.max-body-size",
			"llm-proxy.web.json.max-depth=0,llm-proxy.web.json",
			"llm-proxy.web.write-timeout=0s,llm-proxy.web.connections",
			"llm-proxy.web.connections.max-header-fields=0,llm-proxy.web.connections" })
	void tellsWhichPropertyIsWrong(String property, String named) {
		this.runner.withPropertyValues(property, "llm-proxy.web.connections.guard=true").run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new InvalidPropertyFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis).isNotNull();
			assertThat(analysis.getDescription()).startsWith(named + ": ");
		});
	}

	@Test
	void withSpringSecurityTheGatewaysPathsHaveAChainOfTheirOwnAndOthersStayClosed() {
		this.secured.run((context) -> {
			List<SecurityWebFilterChain> chains = context.getBeanProvider(SecurityWebFilterChain.class)
				.orderedStream()
				.toList();
			assertThat(chains).hasSize(2);
			assertThat(matches(chains.get(0), "/v1/chat/completions")).isTrue();
			assertThat(matches(chains.get(0), "/hello")).isFalse();
			assertThat(chains.get(0).getWebFilters().collectList().block())
				.hasOnlyElementsOfType(ClientKeyWebFilter.class);
			// What Spring Boot would have done without the gateway.
			assertThat(matches(chains.get(1), "/hello")).isTrue();
			assertThat(chains.get(1).getWebFilters().collectList().block()).hasSizeGreaterThan(5);
		});
	}

	@Test
	void anApplicationsOwnChainStaysTheOnlyOneForItsPaths() {
		SecurityWebFilterChain own = new MatcherSecurityWebFilterChain((exchange) -> MatchResult.match(),
				List.of((exchange, chain) -> chain.filter(exchange)));
		this.secured.withBean("own", SecurityWebFilterChain.class, () -> own).run((context) -> {
			assertThat(context).doesNotHaveBean("llmOtherPathsSecurityChain");
			assertThat(context.getBeanProvider(SecurityWebFilterChain.class).orderedStream()).hasSize(2)
				.last()
				.isSameAs(own);
		});
	}

	@Test
	void withoutSpringSecurityTheFilterGuardsAlone() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.withPropertyValues("llm-proxy.web.exclusive=true")
			.run((context) -> assertThat(context).hasSingleBean(ClientKeyWebFilter.class)
				.hasSingleBean(OtherPathsWebFilter.class)
				.doesNotHaveBean("llmGatewaySecurityChain"));
	}

	@Test
	void anExclusiveServerDeniesTheRest() {
		this.secured.withPropertyValues("llm-proxy.web.exclusive=true").run((context) -> {
			List<SecurityWebFilterChain> chains = context.getBeanProvider(SecurityWebFilterChain.class)
				.orderedStream()
				.toList();
			assertThat(chains).hasSize(2);
			assertThat(chains.get(1).getWebFilters().collectList().block())
				.hasOnlyElementsOfType(OtherPathsWebFilter.class);
			assertThat(context).doesNotHaveBean(OtherPathsWebFilter.class);
		});
	}

	@Test
	void theFirewallLetsEncodedSlashesPassInTheGatewaysPathsOnly() {
		this.secured.run((context) -> {
			ServerWebExchangeFirewall firewall = context.getBean(ServerWebExchangeFirewall.class);
			assertThat(firewall.getFirewalledExchange(exchange("/v1beta/models/a%2Fb:generateContent")).block())
				.isNotNull();
			assertThat(firewall.getFirewalledExchange(exchange("/a%2Fb")).onErrorComplete().block()).isNull();
		});
		ServerWebExchangeFirewall own = ServerWebExchangeFirewall.INSECURE_NOOP;
		this.secured.withBean(ServerWebExchangeFirewall.class, () -> own)
			.run((context) -> assertThat(context.getBean(ServerWebExchangeFirewall.class)).isSameAs(own));
	}

	@Test
	void theApiIsDescribedWhereSpringdocIs() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(OpenApiCustomizer.class));
		this.runner.withClassLoader(new FilteredClassLoader(OpenApiCustomizer.class))
			.run((context) -> assertThat(context).doesNotHaveBean("llmOpenApiCustomizer"));
	}

	@ParameterizedTest
	@CsvSource({ "llm-proxy.access.keys[0].key,true", "llm-proxy.access.keys[0].hash,true", "LLM_PROXY_API_KEYS,true",
			"LLM_PROXY_ACCESS_KEYS_0_KEY,true", "OPENAI_API_KEY,true", "llm-proxy.providers.up.apiKey,true",
			"llm-proxy.providers.up.apiKeys[1],true", "llm-proxy.providers.up.headers.x-private,true",
			"llm-proxy.providers.up.headers[X-Tenant],true", "llm-proxy.access.keys[0].id,false",
			"llm-proxy.web.base-path,false", "server.port,false" })
	void theActuatorShowsNoSecrets(String name, boolean hidden) {
		this.runner.run((context) -> {
			SanitizableData data = context.getBean(SanitizingFunction.class)
				.applyUnlessFiltered(new SanitizableData(new MockPropertySource(), name, "value"));
			assertThat("value".equals(data.getValue())).isNotEqualTo(hidden);
		});
		this.runner.withClassLoader(new FilteredClassLoader(SanitizingFunction.class))
			.run((context) -> assertThat(context).doesNotHaveBean("llmSecretSanitizingFunction"));
	}

	private static boolean matches(SecurityWebFilterChain chain, String path) {
		return Boolean.TRUE.equals(chain.matches(exchange(path)).block());
	}

	private static MockServerWebExchange exchange(String path) {
		return MockServerWebExchange.from(MockServerHttpRequest.method(HttpMethod.GET, URI.create(path)));
	}

}
