package dev.llmproxy.observability.call;

import java.util.EnumSet;
import java.util.List;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.gateway.AttemptRecord;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.gateway.TraceContext;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class AnswerHeadersTest {

	private final LlmRequest request = LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
		.body(new byte[0], Envelope.none())
		.build()
		.withTrace(new TraceContext("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true, null));

	@Test
	void anAnswerTellsWhereItComesFrom() {
		attempt("azure", "gpt-5", "upstream_overloaded");
		attempt("openai", "gpt-5-2026", null);
		this.request.trail().charged(1_230_000L, false);
		HttpHeaders headers = answered(EnumSet.allOf(AnswerHeader.class));
		assertThat(headers.getFirst("llm-proxy-provider")).isEqualTo("openai");
		assertThat(headers.getFirst("llm-proxy-model")).isEqualTo("gpt-5-2026");
		assertThat(headers.getFirst("llm-proxy-attempts")).isEqualTo("2");
		assertThat(headers.getFirst("llm-proxy-cost")).isEqualTo("0.00123");
		assertThat(headers.getFirst("llm-proxy-overhead-ms")).matches("[0-9]+\\.[0-9]{3}");
		assertThat(headers.getFirst("llm-proxy-trace-id")).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
		assertThat(headers.getFirst("x-other")).isEqualTo("kept");
	}

	@Test
	void whatIsNotKnownIsNotSaid() {
		HttpHeaders headers = answered(EnumSet.of(AnswerHeader.PROVIDER, AnswerHeader.COST, AnswerHeader.ATTEMPTS));
		assertThat(headers.headerNames()).containsExactlyInAnyOrder("x-other", "llm-proxy-attempts");
		assertThat(headers.getFirst("llm-proxy-attempts")).isEqualTo("0");
	}

	@Test
	void anErrorTellsItToo() {
		attempt("azure", "gpt-5", "upstream_overloaded");
		HttpHeaders known = new HttpHeaders();
		known.set("x-other", "kept");
		LlmHandler failing = (request) -> Mono.error(new LlmException(ErrorKind.OVERLOADED, "busy").withHeaders(known));
		StepVerifier.create(new AnswerHeaders(List.of(AnswerHeader.PROVIDER)).filter(this.request, failing))
			.verifyErrorSatisfies((failure) -> {
				HttpHeaders headers = ((LlmException) failure).headers();
				assertThat(headers.getFirst("llm-proxy-provider")).isEqualTo("azure");
				assertThat(headers.getFirst("x-other")).isEqualTo("kept");
			});
		assertThat(known.size()).isEqualTo(1);
	}

	@Test
	void aModelThatCantStandInAHeaderIsLeftOut() {
		attempt("up", "m\r\nset-cookie: a=b", null);
		assertThat(answered(EnumSet.of(AnswerHeader.MODEL)).headerNames()).containsExactly("x-other");
	}

	@Test
	void withoutHeadersNothingIsDone() {
		Mono<LlmResponse> answer = Mono.empty();
		assertThat(new AnswerHeaders(List.of()).filter(this.request, (request) -> answer)).isSameAs(answer);
	}

	private void attempt(String provider, String model, String code) {
		this.request.trail().attempt(new AttemptRecord(provider + "/" + model, provider, model, "first", code, 1));
	}

	private HttpHeaders answered(EnumSet<AnswerHeader> wanted) {
		HttpHeaders known = new HttpHeaders();
		known.set("x-other", "kept");
		LlmResponse response = new LlmResponse(200, HttpHeaders.readOnlyHttpHeaders(known),
				new ResponseBody.Json(Dialect.OPENAI, new byte[0]), new Outcome());
		LlmResponse answered = new AnswerHeaders(wanted).filter(this.request, (request) -> Mono.just(response)).block();
		return answered.headers();
	}

}
