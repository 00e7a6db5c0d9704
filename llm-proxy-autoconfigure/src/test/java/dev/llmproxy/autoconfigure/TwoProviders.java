package dev.llmproxy.autoconfigure;

import dev.llmproxy.testkit.DeadEnd;
import dev.llmproxy.testkit.ScriptedUpstream;
import dev.llmproxy.testkit.fake.FakeProvider;
import dev.llmproxy.testkit.fake.Fakes;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/**
 * An application without a web server whose route {@code chat} has a dead provider first
 * and a living one second, both behind real sockets.
 */
final class TwoProviders implements AutoCloseable {

	private final DeadEnd dead = ScriptedUpstream.refusing();

	private final FakeProvider openAi = Fakes.openAi();

	private final FakeProvider anthropic = Fakes.anthropic();

	FakeProvider openAi() {
		return this.openAi;
	}

	FakeProvider anthropic() {
		return this.anthropic;
	}

	ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(GatewayAutoConfiguration.class, ProviderAutoConfiguration.class,
					RoutingAutoConfiguration.class, CatalogueAutoConfiguration.class, CacheAutoConfiguration.class,
					CallObservationAutoConfiguration.class, SimulatorAutoConfiguration.class))
			.withPropertyValues("llm-proxy.detect-providers=false", "llm-proxy.providers.dead.type=openai",
					"llm-proxy.providers.dead.base-url=" + this.dead.url() + "/v1",
					"llm-proxy.providers.dead.api-key=k-0123456789", "llm-proxy.providers.openai.type=openai",
					"llm-proxy.providers.openai.base-url=" + this.openAi.url() + "/v1",
					"llm-proxy.providers.openai.api-key=" + this.openAi.apiKey(),
					"llm-proxy.providers.anthropic.type=anthropic",
					"llm-proxy.providers.anthropic.base-url=" + this.anthropic.url() + "/v1",
					"llm-proxy.providers.anthropic.api-key=" + this.anthropic.apiKey(),
					"llm-proxy.routes.chat.targets[0].model=dead/gpt-4o-mini",
					"llm-proxy.routes.chat.targets[1].model=openai/gpt-4o-mini",
					"llm-proxy.routes.vectors.targets[0].model=dead/text-embedding-3-small",
					"llm-proxy.routes.vectors.targets[1].model=openai/text-embedding-3-small");
	}

	@Override
	public void close() {
		this.dead.close();
		this.openAi.close();
		this.anthropic.close();
	}

}
