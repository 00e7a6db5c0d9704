package dev.llmproxy.autoconfigure.test;

import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.test.Cassette;
import dev.llmproxy.test.CassetteFilter;
import dev.llmproxy.test.SimulatedAttempts;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole application, with answers that are on record in the sources of this test. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "llm-proxy.providers.openai.api-key=not-a-key-0123456789",
				"llm-proxy.spring-ai.chat.model=openai/gpt-4o-mini", "llm-proxy.startup.summary=false" })
@AutoConfigureLlmGateway(cassette = "src/test/resources/cassettes/greeting.json")
class AutoConfigureLlmGatewayTest {

	@Autowired
	private Greeter greeter;

	@Autowired
	private ApplicationContext context;

	@Test
	void answersAreTheRecordedOnes() {
		assertThat(this.greeter.greet()).isEqualTo("Good morning.");
		assertThat(this.context.getBean(Cassette.class).size()).isEqualTo(1);
		assertThat(this.context.getBeansOfType(AttemptFilter.class).values())
			.hasAtLeastOneElementOfType(CassetteFilter.class)
			.doesNotHaveAnyElementsOfTypes(SimulatedAttempts.class);
	}

}
