package dev.llmproxy.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.Framing;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.openai.OpenAiCodec;
import dev.llmproxy.dialect.openai.OpenAiEmbeddingsCodec;
import dev.llmproxy.gateway.Caller;
import dev.llmproxy.gateway.LiveSnapshot;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.MemoryBudget;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * A cache, somebody who asks, and a provider that answers with the number of the call.
 */
final class Asking {

	static final Codecs CODECS = new Codecs(List.of(new OpenAiCodec()), List.of(new OpenAiCodec()),
			List.of(new OpenAiEmbeddingsCodec()), List.of());

	static final CachePolicy POLICY = new CachePolicy(true, Duration.ofMinutes(10), Duration.ofMinutes(10), 0,
			Duration.ZERO, Duration.ZERO, false, CachePolicy.Tenant.KEY);

	static final Caller ALICE = new Caller("alice", List.of());

	Instant now = Instant.parse("2026-01-01T00:00:00Z");

	final InstantSource clock = () -> this.now;

	final List<LlmRequest> calls = new CopyOnWriteArrayList<>();

	LlmHandler provider = (request) -> Mono.just(json(answer("call " + this.calls.size())));

	final LocalAnswers local;

	final CacheFilter filter;

	final @Nullable Semantics semantics;

	String route = "up/m";

	static {
		// Logging begins with reading files, which no event loop may do.
		DataBufferUtils.releaseConsumer();
	}

	Asking(CachePolicy policy) {
		this(policy, SharedAnswers.NONE, MemoryBudget.UNLIMITED);
	}

	Asking(CachePolicy policy, SharedAnswers shared, MemoryBudget budget) {
		this(policy, shared, budget, null, null);
	}

	Asking(CachePolicy policy, SharedAnswers shared, MemoryBudget budget, @Nullable SemanticSettings settings,
			@Nullable Embedder embedder) {
		this(policy, shared, SharedQuestions.NONE, budget, settings, embedder);
	}

	Asking(CachePolicy policy, SharedAnswers shared, SharedQuestions questions, MemoryBudget budget,
			@Nullable SemanticSettings settings, @Nullable Embedder embedder) {
		LiveSnapshot live = new LiveSnapshot();
		live.add(CachePolicies.class, new CachePolicies(policy, Map.of(), List.of("x-branch")));
		this.local = new LocalAnswers(1 << 20, this.clock, budget, CacheListener.NONE);
		this.semantics = (settings != null && embedder != null)
				? new Semantics(settings, embedder, this.local, questions, shared, CODECS) : null;
		this.filter = new CacheFilter(new CacheSettings(64 * 1024), this.local, shared, live, (request) -> this.route,
				CODECS, budget, CacheListener.NONE, this.semantics);
	}

	Mono<LlmResponse> ask(LlmRequest request) {
		return this.filter.filter(request, (asked) -> Mono.defer(() -> {
			this.calls.add(asked);
			return this.provider.handle(asked);
		}));
	}

	/** The text of the answer, and what the cache did. */
	String text(LlmRequest request) {
		LlmResponse response = ask(request).block(Duration.ofSeconds(5));
		return response.headers().getFirst(CacheFilter.HEADER) + ": " + text(response);
	}

	static String text(LlmResponse response) {
		if (response.body() instanceof ResponseBody.Json json) {
			return CODECS.upstream(Dialect.OPENAI).decodeResponse(json.bytes()).text();
		}
		return String.join("", bytes(response));
	}

	static List<String> bytes(LlmResponse response) {
		return ((ResponseBody.Wire) response.body()).content()
			.map((buffer) -> buffer.toString(StandardCharsets.UTF_8))
			.collectList()
			.block(Duration.ofSeconds(10));
	}

	static LlmRequest chat(String more) {
		return request(ALICE, Operation.CHAT, body(more));
	}

	static String body(String more) {
		return "{\"model\":\"m\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + more + "}";
	}

	static LlmRequest request(Caller caller, Operation operation, String body) {
		return request(caller, operation, body, (builder) -> builder);
	}

	static LlmRequest request(Caller caller, Operation operation, String body, UnaryOperator<LlmRequest.Builder> more) {
		byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
		return more
			.apply(LlmRequest.builder(operation, Dialect.OPENAI)
				.caller(caller)
				.codec((operation == Operation.CHAT) ? CODECS.inbound(Dialect.OPENAI) : null)
				.body(bytes, EnvelopeScanner.scan(bytes, JsonLimits.DEFAULT)))
			.build();
	}

	static UnaryOperator<LlmRequest.Builder> header(String name, String value) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(name, value);
		return (builder) -> builder.hints(headers);
	}

	static String answer(String text) {
		return answer(text, "stop");
	}

	static String answer(String text, String finish) {
		return "{\"id\":\"a\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
				+ "\"message\":{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"finish_reason\":\"" + finish
				+ "\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";
	}

	static LlmResponse json(String body) {
		return new LlmResponse(200, new HttpHeaders(),
				new ResponseBody.Json(Dialect.OPENAI, body.getBytes(StandardCharsets.UTF_8)), new Outcome());
	}

	static LlmResponse stream(Flux<String> frames) {
		return new LlmResponse(200, new HttpHeaders(), new ResponseBody.Wire(Dialect.OPENAI, Framing.SSE,
				MediaType.TEXT_EVENT_STREAM, frames.map(Asking::buffer)), new Outcome());
	}

	private static DataBuffer buffer(String frame) {
		return DefaultDataBufferFactory.sharedInstance.wrap(frame.getBytes(StandardCharsets.UTF_8));
	}

	/** A whole stream of so many words. */
	static List<String> frames(int words) {
		List<String> frames = new ArrayList<>();
		for (int i = 0; i < words; i++) {
			frames.add(chunk("{\"content\":\"word" + i + " \"}", "null"));
		}
		frames.add(chunk("{}", "\"stop\""));
		frames.add("data: [DONE]\n\n");
		return frames;
	}

	private static String chunk(String delta, String finish) {
		return "data: {\"id\":\"s\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
				+ "[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":" + finish + "}]}\n\n";
	}

}
