package dev.llmproxy.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.cache.CacheFilter;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.FinishReason;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Part;
import dev.llmproxy.chat.Role;
import dev.llmproxy.context.ContextFilter;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.gateway.DefaultLlmGateway;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmGateway;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.RefusalRecord;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.limit.Decision;
import dev.llmproxy.limit.Demand;
import dev.llmproxy.limit.LimitStore;
import dev.llmproxy.limit.Quota;
import dev.llmproxy.observability.log.AccessLog;
import dev.llmproxy.provider.Providers;
import dev.llmproxy.provider.TokenCounters;
import dev.llmproxy.resilience.BreakerGate;
import dev.llmproxy.web.GatewayPaths;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/** Parts of the gateway as beans of an application that has no provider and no paths. */
@ExtendWith(OutputCaptureExtension.class)
class ComponentsTest {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(OptionalDependenciesTest.Application.class)
		.withPropertyValues("llm-proxy.detect-providers=false", "llm-proxy.simulator.enabled=false");

	@Test
	void thereAreNoProvidersAndNoPaths() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(GatewayPaths.class);
			assertThat(context.getBean(Providers.class).all()).isEmpty();
		});
	}

	@Test
	void limitsRates() {
		this.runner.run((context) -> {
			LimitStore limits = context.getBean(LimitStore.class);
			Demand demand = new Demand(new Quota("mine", 1, 0, 0, Duration.ofMinutes(1)), "alice");
			Decision first = limits.acquire(List.of(demand), 0).block();
			Decision second = limits.acquire(List.of(demand), 0).block();
			assertThat(first.refusal()).isNull();
			assertThat(second.refusal()).isNotNull();
		});
	}

	@Test
	void countsTokens() {
		this.runner.run((context) -> assertThat(
				context.getBean(TokenCounters.class).of("gpt-4o").count("How many tokens is this?"))
			.isBetween(4L, 9L));
	}

	@Test
	void breaksCircuits() {
		this.runner.run((context) -> assertThat(context.getBean(BreakerGate.class).all()).isEmpty());
	}

	@Test
	void cachesAnApplicationsOwnCalls() {
		this.runner.withPropertyValues("llm-proxy.cache.enabled=true", "llm-proxy.cache.non-deterministic=true")
			.run((context) -> {
				AtomicInteger calls = new AtomicInteger();
				LlmGateway own = around(context.getBean(CacheFilter.class), calls, context.getBean(Codecs.class));
				assertThat(own.chat(question("mine/model", "Hello")).block().text()).isEqualTo("answer 1");
				assertThat(own.chat(question("mine/model", "Hello")).block().text()).isEqualTo("answer 1");
				assertThat(own.chat(question("mine/model", "Bye")).block().text()).isEqualTo("answer 2");
			});
	}

	@Test
	void condensesAnApplicationsOwnCalls() {
		this.runner.run((context) -> {
			LlmGateway own = around(context.getBean(ContextFilter.class), new AtomicInteger(),
					context.getBean(Codecs.class));
			assertThat(own.chat(question("mine/model", "Hello")).block().text()).isEqualTo("answer 1");
		});
	}

	@Test
	void logsAnApplicationsOwnCalls(CapturedOutput output) {
		this.runner.withPropertyValues("llm-proxy.access-log.enabled=true")
			.run((context) -> context.getBean(AccessLog.class)
				.refused(new RefusalRecord("my-own-id", null, RefusalRecord.Place.INFERENCE, Dialect.OPENAI, 400,
						new LlmError(ErrorKind.INVALID_REQUEST, "No."))));
		// The context is closed, and with it all is written.
		assertThat(output).contains("my-own-id");
	}

	private static LlmGateway around(LlmFilter filter, AtomicInteger calls, Codecs codecs) {
		LlmHandler own = (request) -> Mono.fromSupplier(() -> answer(request, calls.incrementAndGet()));
		return new DefaultLlmGateway(List.of(filter), own, codecs);
	}

	private static LlmResponse answer(LlmRequest request, int number) {
		ChatResponse response = new ChatResponse("id", request.model(), 1, List
			.of(new ChatResponse.Choice(0, List.of(new Part.Text("answer " + number, null)), FinishReason.STOP, null)),
				null, null);
		return new LlmResponse(200, new HttpHeaders(), new ResponseBody.Whole(response), new Outcome());
	}

	private static ChatRequest question(String model, String text) {
		return ChatRequest.builder(model).message(Message.text(Role.USER, text)).build();
	}

}
