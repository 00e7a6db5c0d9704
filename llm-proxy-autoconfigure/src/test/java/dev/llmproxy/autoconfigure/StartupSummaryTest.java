package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** What is told at start-up. */
class StartupSummaryTest {

	private final ReactiveWebApplicationContextRunner runner = Gateway.runner()
		.withConfiguration(AutoConfigurations.of(StartupAutoConfiguration.class))
		.withPropertyValues("llm-proxy.startup.summary=true", "llm-proxy.access.guard-address=true",
				"local.server.port=8080", "local.management.port=9090", "management.server.address=127.0.0.1");

	@Test
	void tellsTheEmbeddedDefault() {
		this.runner.run((context) -> assertThat(lines(context)).containsExactly("LLM Proxy is ready after 1.5 s",
				"  API         http://localhost:8080", "  Management  http://127.0.0.1:9090/actuator",
				"  Providers   simulator (answers without a model)",
				"  Keys        not needed from this machine, not accepted from others; none is configured",
				"  Try it      curl -N http://localhost:8080/v1/chat/completions -H 'content-type: application/json'"
						+ " -d '{\"model\":\"simulator/demo\",\"stream\":true,"
						+ "\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}'"));
	}

	@Test
	void tellsProvidersAliasesAndThatKeysAreNeeded() {
		this.runner
			.withPropertyValues("OPENAI_API_KEY=sk-secret", "llm-proxy.providers.claude.type=anthropic",
					"llm-proxy.providers.claude.api-key=sk-ant-secret", "llm-proxy.providers.local.type=ollama",
					"llm-proxy.aliases.smart=claude/c,openai/o", "llm-proxy.access.keys[0].id=a",
					"llm-proxy.access.keys[0].key=0123456789abcdef0123456789abcdef")
			.run((context) -> {
				assertThat(lines(context)).contains("  API         http://localhost:8080 (on all addresses)",
						"  Providers   claude (anthropic, api-key)", "              local (ollama, no key)",
						"              openai (OPENAI_API_KEY)", "  Aliases     smart -> claude/c | openai/o",
						"  Keys        needed; 1 known",
						"  Try it      curl http://localhost:8080/v1/models -H \"authorization: Bearer $KEY\"");
				assertThat(String.join("\n", lines(context))).doesNotContain("secret", "0123456789abcdef");
			});
	}

	@Test
	void hasAtMostTwelveLines() {
		ReactiveWebApplicationContextRunner many = this.runner;
		for (int i = 0; i < 30; i++) {
			many = many.withPropertyValues("llm-proxy.providers.p" + i + ".type=ollama",
					"llm-proxy.aliases.a" + i + "=p1/m", "llm-proxy.routes.r" + i + ".targets[0].model=p1/m");
		}
		many.run((context) -> {
			assertThat(lines(context)).hasSizeLessThanOrEqualTo(12).allMatch((line) -> line.length() < 300);
			assertThat(lines(context)).anyMatch((line) -> line.contains("and 26 more: "))
				.anyMatch((line) -> line.endsWith(" and 25 more"));
		});
	}

	@Test
	void tellsWhereTheStatusPageIs() {
		this.runner.withConfiguration(AutoConfigurations.of(StatusPageAutoConfiguration.class))
			.withPropertyValues("llm-proxy.status-page.enabled=true",
					"management.endpoints.web.exposure.include=llmstatus")
			.run((context) -> assertThat(lines(context))
				.contains("  Status      http://127.0.0.1:9090/actuator/llmstatus/page"));
	}

	@Test
	void tellsRoutes() {
		this.runner
			.withPropertyValues("llm-proxy.providers.up.type=ollama", "llm-proxy.routes.b.targets[0].model=up/m",
					"llm-proxy.routes.a.strategy=least-busy", "llm-proxy.routes.a.targets[0].model=up/m",
					"llm-proxy.routes.a.targets[1].model=up/n")
			.run((context) -> assertThat(lines(context))
				.contains("  Routes      a (least-busy, 2 targets), b (ordered, 1 target)"));
	}

	@Test
	void knowsAddressesOfAllForms() {
		this.runner
			.withPropertyValues("server.address=::1", "server.ssl.bundle=web", "llm-proxy.web.base-path=/llm",
					"management.server.address=0.0.0.0", "management.endpoints.web.base-path=/manage",
					"llm-proxy.access.anonymous=true")
			.run((context) -> assertThat(lines(context)).contains("  API         https://[::1]:8080/llm",
					"  Management  http://localhost:9090/manage (on all addresses)",
					"  Keys        not needed, from anywhere"));
	}

	@Test
	void saysWhenNothingCanBeAsked() {
		this.runner.withPropertyValues("llm-proxy.simulator.enabled=false", "llm-proxy.access.anonymous=false")
			.run((context) -> assertThat(lines(context))
				.contains("  Providers   none; set OPENAI_API_KEY, for example, or llm-proxy.providers",
						"  Keys        needed, but none is configured: nobody can call")
				.noneMatch((line) -> line.contains("Try it")));
	}

	@Test
	void isSilentUnlessItIsWanted() {
		this.runner.withPropertyValues("llm-proxy.startup.summary=false")
			.run((context) -> assertThat(context).doesNotHaveBean(StartupSummary.class));
	}

	private static List<String> lines(ApplicationContext context) {
		return context.getBean(StartupSummary.class).lines(context.getEnvironment(), Duration.ofMillis(1500));
	}

}
