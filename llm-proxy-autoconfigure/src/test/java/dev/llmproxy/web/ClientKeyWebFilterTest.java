package dev.llmproxy.web;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.llmproxy.access.AnonymousAccess;
import dev.llmproxy.access.ClientKey;
import dev.llmproxy.access.ClientKeys;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.openai.OpenAiCodec;
import dev.llmproxy.gateway.Caller;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.cors.CorsConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

class ClientKeyWebFilterTest {

	private static final String KEY = "0123456789abcdef";

	private final AtomicInteger passed = new AtomicInteger();

	@ParameterizedTest
	@CsvSource({ "127.0.0.1,true", "127.8.9.1,true", "::1,true", "10.0.0.1,false", "192.168.1.1,false",
			"203.0.113.5,false", "::ffff:10.0.0.1,false", "0.0.0.0,false" })
	void anApplicationWithoutKeysServesItsOwnMachine(String address, boolean letIn) {
		MockServerWebExchange exchange = exchange("/v1/models", address);
		filter(new ClientKeys(List.of(), AnonymousAccess.LOCAL), null).filter(exchange, this::pass).block();
		assertThat(this.passed).hasValue(letIn ? 1 : 0);
		if (!letIn) {
			assertThat(exchange.getResponse().getStatusCode()).isEqualTo(HttpStatus.UNAUTHORIZED);
			assertThat(exchange.getResponse().getBodyAsString().block()).contains("missing_api_key", "own machine");
		}
	}

	@Test
	void whoseAddressIsNotKnownIsNotNear() {
		filter(new ClientKeys(List.of(), AnonymousAccess.LOCAL), null)
			.filter(MockServerWebExchange.from(MockServerHttpRequest.get("/v1/models")), this::pass)
			.block();
		assertThat(this.passed).hasValue(0);
	}

	@Test
	void pagesThatMayCallMayDoSoWithoutKeysToo() {
		CorsConfiguration cors = new CorsConfiguration();
		cors.addAllowedOrigin("https://app.example.com");
		ClientKeyWebFilter filter = filter(new ClientKeys(List.of(), AnonymousAccess.LOCAL), cors);
		for (String origin : List.of("https://app.example.com", "https://evil.example.com")) {
			filter.filter(MockServerWebExchange.from(MockServerHttpRequest.get("/v1/models")
				.remoteAddress(new InetSocketAddress("127.0.0.1", 1))
				.header("Origin", origin)), this::pass).block();
		}
		assertThat(this.passed).hasValue(1);
	}

	@Test
	void otherPathsAreNotItsBusiness() {
		ClientKeyWebFilter filter = filter(new ClientKeys(List.of(), AnonymousAccess.NONE), null);
		filter.filter(exchange("/hello", "10.0.0.1"), this::pass).block();
		filter.filter(exchange("/v1", "10.0.0.1"), this::pass).block();
		assertThat(this.passed).hasValue(2);
	}

	@Test
	void itsWorkIsDoneOnce() {
		MockServerWebExchange exchange = exchange("/v1/models", "10.0.0.1");
		Exchanges.caller(exchange, Caller.APPLICATION);
		filter(new ClientKeys(List.of(), AnonymousAccess.NONE), null).filter(exchange, this::pass).block();
		assertThat(Exchanges.caller(exchange)).isEqualTo(Caller.APPLICATION);
	}

	@Test
	void theFirstKeyInTheUsualOrderCounts() {
		ClientKeys keys = new ClientKeys(List.of(ClientKey.ofKey(KEY, new Caller("a", List.of()))),
				AnonymousAccess.NONE);
		MockServerWebExchange exchange = MockServerWebExchange.from(
				MockServerHttpRequest.get("/v1/models").header("x-api-key", KEY).header("Authorization", "Basic abc"));
		filter(keys, null).filter(exchange, this::pass).block();
		assertThat(Exchanges.caller(exchange).id()).isEqualTo("a");
		MockServerWebExchange other = MockServerWebExchange.from(MockServerHttpRequest.get("/v1/models")
			.header("x-api-key", KEY)
			.header("Authorization", "Bearer wrong"));
		filter(keys, null).filter(other, this::pass).block();
		assertThat(other.getResponse().getStatusCode()).isEqualTo(HttpStatus.UNAUTHORIZED);
	}

	private Mono<Void> pass(Object exchange) {
		this.passed.incrementAndGet();
		return Mono.empty();
	}

	private static MockServerWebExchange exchange(String path, String address) {
		return MockServerWebExchange
			.from(MockServerHttpRequest.get(path).remoteAddress(new InetSocketAddress(address, 1234)));
	}

	private static ClientKeyWebFilter filter(ClientKeys keys, @Nullable CorsConfiguration cors) {
		OpenAiCodec codec = new OpenAiCodec();
		WebSettings settings = new WebSettings("", 1000, JsonLimits.DEFAULT, false, cors, null);
		return new ClientKeyWebFilter(keys,
				new ErrorBodies(new Codecs(List.of(codec), List.of(codec), List.of(), List.of()), settings), settings);
	}

}
