package dev.llmproxy.autoconfigure;

import java.util.Objects;

import dev.llmproxy.provider.TokenCounter;
import dev.llmproxy.provider.TokenCounterSource;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.provider.TokenEstimate;
import dev.llmproxy.provider.token.JtokkitCounters;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** Who counts tokens in an application. */
@Tag("once")
class TokenAutoConfigurationTest {

	private final ReactiveWebApplicationContextRunner runner = new ReactiveWebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TokenAutoConfiguration.class));

	private final ReactiveWebApplicationContextRunner exact = this.runner
		.withPropertyValues("llm-proxy.tokens.counting=exact");

	@Test
	void estimatesByDefault() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean(JtokkitCounters.class);
			assertThat(context.getBean(TokenCounters.class).of("gpt-4o").exact()).isFalse();
		});
	}

	@Test
	void countsOnDemandAndLoadsInTheBackground() {
		this.exact.withPropertyValues("llm-proxy.tokens.count-as[prod-*]=gpt-4o").run((context) -> {
			TokenCounter counter = context.getBean(TokenCounters.class).of("prod-west");
			Awaitility.await().until(counter::exact);
			assertThat(counter.count("hello world")).isEqualTo(2);
			assertThat(context.getBean(TokenCounters.class).of("claude-opus-5").exact()).isFalse();
		});
	}

	@Test
	void estimatesWithoutVocabularies() {
		FilteredClassLoader without = new FilteredClassLoader("com.knuddels");
		this.runner.withClassLoader(without).run((context) -> assertThat(context).hasSingleBean(TokenCounters.class));
		this.exact.withClassLoader(without)
			.run((context) -> assertThat(
					InvalidConfigurationTest.analyze(Objects.requireNonNull(context.getStartupFailure())).getAction())
				.contains("com.knuddels:jtokkit"));
	}

	@Test
	void anApplicationsOwnCountersGoFirst() {
		TokenCounterSource mine = (model) -> model.equals("gpt-4o") ? TokenEstimate.COUNTER : null;
		this.exact.withBean("mine", TokenCounterSource.class, () -> mine)
			.run((context) -> assertThat(context.getBean(TokenCounters.class).of("gpt-4o"))
				.isSameAs(TokenEstimate.COUNTER));
		this.exact.withBean(TokenCounters.class, () -> TokenEstimate.COUNTERS)
			.run((context) -> assertThat(context).getBean(TokenCounters.class).isSameAs(TokenEstimate.COUNTERS));
	}

}
