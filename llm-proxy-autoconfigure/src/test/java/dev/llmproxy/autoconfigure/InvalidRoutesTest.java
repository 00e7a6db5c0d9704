package dev.llmproxy.autoconfigure;

import java.util.Objects;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** What is wrong with a route is told with its property and what to do. */
class InvalidRoutesTest {

	private static final String ROUTES = "llm-proxy.routes.";

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withPropertyValues("llm-proxy.providers.up.type=ollama", ROUTES + "ok.targets[0].model=up/ok");

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					r.strategy=weighted                                            | llm-proxy.routes.r.targets: there is none                        | provider/model
					r.targets[0].model=gone/m                                      | llm-proxy.routes.r.targets[0].model: there is no provider 'gone' | There are: up.
					r.targets[0].model=m                                           | llm-proxy.routes.r.targets[0].model: 'm' is no target            | provider/model
					r.targets[0].weight=2                                          | r.targets[0]: it has neither a model nor targets                 | openai/gpt-4o-mini
					r.targets[0].model=up/m r.targets[0].targets[0].model=up/n     | r.targets[0]: it has a model and targets                         | as a group
					r.targets[0].targets[0].model=gone/m                           | r.targets[0].targets[0].model: there is no provider              | There are: up.
					r.targets[0].model=up/m r.targets[0].weight=0                  | llm-proxy.routes.r.targets[0].weight: it must be positive        | Leave the target out
					r.targets[0].targets[0].model=up/m r.targets[0].weight=-1      | llm-proxy.routes.r.targets[0].weight: it must be positive        | Leave the group out
					r.targets[0].model=up/m r.targets[1].model=up/m                | r.targets[1]: 'up/m' is there twice                              | 'name' of its own
					r.targets[0].model=up/m r.targets[0].id=up/x                   | r.targets[0].id: 'up/x' is no id                                 | without a slash
					r.targets[0].model=up/m r.targets[0].id=x r.targets[1].model=up/n r.targets[1].id=x  | r.targets[1].id: it is also the id of another model, in llm-proxy.routes.r.targets[0] | its own
					r.targets[0].model=up/m r.targets[0].limits.concurrency=-1     | r.targets[0].limits: a limit must not be negative                | Leave out
					r.targets[0].model=up/m r.targets[0].prices.input=-1           | r.targets[0].prices.input: -1 is no price                        | US dollars
					r.targets[0].model=up/m r.targets[0].prices.output=0.0000000001 | r.targets[0].prices.output:                                     | 9 decimals
					r.targets[0].model=up/m r.targets[0].capabilities.max-output=-1 | r.targets[0].capabilities: a number of tokens                   | Leave out
					r.targets[0].model=up/ok r.targets[0].region=eu ok.targets[0].region=us | .region: they are not those of the same target          | an 'id' of its own
					r.targets[0].model=up/m r.strategy=conditional                 | llm-proxy.routes.r.conditions: there is none                     | 'query'
					r.targets[0].model=up/m r.conditions[0].then=up/m              | llm-proxy.routes.r.conditions: the strategy is not conditional   | strategy: conditional
					r.targets[0].model=up/m r.default-target=up/m                  | llm-proxy.routes.r.default-target: the strategy is not           | strategy: conditional
					r.targets[0].model=up/m r.strategy=conditional r.conditions[0].query.caller.eq=x | r.conditions[0].then: it is missing            | There are: up/m.
					r.targets[0].model=up/m r.strategy=conditional r.conditions[0].query.caller.eq=x r.conditions[0].then=up/n | r.conditions[0].then: there is no target 'up/n' | There are: up/m.
					r.targets[0].model=up/m r.strategy=conditional r.conditions[0].then=up/m | r.conditions[0].query: it asks for nothing             | metadata.plan
					r.targets[0].model=up/m r.strategy=conditional r.conditions[0].query.who.eq=x r.conditions[0].then=up/m | r.conditions[0].query: 'who' is no field | metadata.plan
					r.targets[0].model=up/m r.strategy=conditional r.conditions[0].query.headers.cookie.regex=x r.conditions[0].then=up/m | 'headers.cookie' may hold a credential | metadata.plan
					r.targets[0].model=up/m r.by=caller                            | llm-proxy.routes.r.by: the strategy is neither sticky nor split  | strategy: sticky
					r.targets[0].model=up/m r.strategy=sticky r.by=whoever         | llm-proxy.routes.r.by: 'whoever' is no field                     | prompt-prefix
					r.targets[0].model=up/m r.strategy=split                       | llm-proxy.routes.r.targets: the weights of a split are percentages, and these sum up to 1 | 100 together
					r.targets[0].model=up/m r.fallbacks=gone                       | llm-proxy.routes.r.fallbacks[0]: there is no route, alias or target 'gone' | There are: ok, r.
					r.targets[0].model=up/m r.fallbacks=up/x,gone/m                | llm-proxy.routes.r.fallbacks[1]: there is no provider 'gone'     | There are: up.
					r.targets[0].model=up/m r.context-window-fallbacks=r           | llm-proxy.routes.r.context-window-fallbacks[0]: 'r' falls back on itself | another route
					r.targets[0].model=up/m r.content-policy-fallbacks=r           | llm-proxy.routes.r.content-policy-fallbacks[0]: 'r' falls back on itself | another route
					r.targets[0].model=up/m r.retry.max-retries=-1                 | llm-proxy.routes.r.retry: Retries and delays                     | 250ms
					r.targets[0].model=up/m r.retry.statuses=200                   | llm-proxy.routes.r.retry.statuses: [200]                         | 429
					r.targets[0].model=up/m r.hedging.min-delay=10s                | llm-proxy.routes.r.hedging: Delays                               | the shortest first
					r.targets[0].model=up/m r.hedging.max-percent=101              | llm-proxy.routes.r.hedging: maxPercent                           | a percentage
					r.targets[0].model=up/m r.mirror.percent=10                    | llm-proxy.routes.r.mirror.target: it is missing                  | provider/model
					r.targets[0].model=up/m r.mirror.target=up/s r.mirror.percent=101 | llm-proxy.routes.r.mirror.percent: percent                    | 0 to 100
					r.targets[0].model=up/m r.timeouts.idle=0s                     | llm-proxy.routes.r.timeouts: A timeout must be positive          | 30s
					[a/b].targets[0].model=gone/m                                  | llm-proxy.routes[a/b].targets[0].model                           | There are: up.
					""")
	void namesThePropertyAndTheRemedy(String properties, String description, String action) {
		ReactiveWebApplicationContextRunner configured = this.runner;
		for (String property : properties.split(" +")) {
			String full = (property.startsWith("[") ? "llm-proxy.routes" : ROUTES) + property;
			configured = configured.withPropertyValues(full);
		}
		configured.run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = InvalidConfigurationTest
				.analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(analysis.getDescription()).contains(description);
			assertThat(analysis.getAction()).contains(action);
		});
	}

	@ParameterizedTest
	@CsvSource({ "llm-proxy.aliases.ok=up/m, is an alias too", "llm-proxy.routes[ ].targets[0].model=up/m, no name" })
	void namesAreUniqueAndCanBeSeen(String property, String description) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(
					InvalidConfigurationTest.analyze(Objects.requireNonNull(context.getStartupFailure()))
						.getDescription())
				.contains(description));
	}

}
