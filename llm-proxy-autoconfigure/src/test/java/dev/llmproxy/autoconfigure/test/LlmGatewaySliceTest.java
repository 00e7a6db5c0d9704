package dev.llmproxy.autoconfigure.test;

import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.test.GatewayFaults;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** An application's test as the documentation has it: the slice, and faults. */
@LlmGatewayTest(includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = Greeter.class))
@TestPropertySource(properties = { "llm-proxy.providers.openai.api-key=not-a-key-0123456789",
		"llm-proxy.providers.anthropic.api-key=not-a-key-0123456789",
		"llm-proxy.routes.chat.targets[0].model=openai/gpt-4o-mini",
		"llm-proxy.routes.chat.targets[1].model=anthropic/claude-haiku-4-5", "llm-proxy.spring-ai.chat.model=chat" })
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LlmGatewaySliceTest {

	@Autowired
	private LlmGateway gateway;

	@Autowired
	private GatewayFaults faults;

	@Autowired
	private Greeter greeter;

	@Autowired
	private ApplicationContext context;

	private Mono<ChatResponse> ask() {
		return this.gateway.chat(ChatRequest.builder("chat").message(Message.text(Role.USER, "Hello")).build());
	}

	@Test
	@Order(1)
	void simulatorAnswersInEveryProvidersPlace() {
		assertThat(ask().block().text()).isNotBlank();
		assertThat(this.greeter.greet()).isNotBlank();
	}

	@Test
	@Order(2)
	void fallsBackWhenTargetFails() {
		this.faults.on("openai/*").failNext(10, 503);
		ChatResponse response = ask().block();
		assertThat(response.model()).contains("claude");
		assertThat(this.faults.remaining()).isLessThan(10);
		this.faults.on("openai/*").failNext(100, 503);
		this.faults.on("anthropic/*").failNext(100, 429);
		StepVerifier.create(ask())
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(LlmException.class));
	}

	@Test
	@Order(3)
	void faultsEndWithTheirTest() {
		assertThat(this.faults.remaining()).isZero();
	}

	@Test
	@Order(4)
	void streamsAreCut() {
		this.faults.cutNext(100, 2);
		StepVerifier
			.create(this.gateway.stream(ChatRequest.builder("chat").message(Message.text(Role.USER, "Hello")).build())
				.filter((event) -> event instanceof dev.llmproxy.chat.ChatEvent.Failed))
			.expectNextCount(1)
			.verifyComplete();
	}

	@Test
	@Order(5)
	void otherComponentsStayOut() {
		assertThat(this.context.getBeanNamesForType(Other.class)).isEmpty();
	}

}
