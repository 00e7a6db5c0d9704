package dev.llmproxy.provider.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.Message;
import dev.llmproxy.chat.Role;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.Envelope;
import dev.llmproxy.dialect.EnvelopeScanner;
import dev.llmproxy.dialect.JsonLimits;
import dev.llmproxy.dialect.MalformedJsonException;
import dev.llmproxy.dialect.anthropic.AnthropicCodec;
import dev.llmproxy.dialect.anthropic.AnthropicTokenCountCodec;
import dev.llmproxy.dialect.gemini.GeminiEmbeddingsCodec;
import dev.llmproxy.dialect.openai.OpenAiCodec;
import dev.llmproxy.dialect.openai.OpenAiEmbeddingsCodec;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Target;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** A simulator, and ways to ask it. */
final class Simulation {

	static final SimulatorSettings AT_ONCE = new SimulatorSettings(0, Duration.ZERO, Duration.ofMinutes(5), 1536);

	static final Codecs CODECS = new Codecs(List.of(new OpenAiCodec(), new AnthropicCodec()), List.of(),
			List.of(new OpenAiEmbeddingsCodec(), new GeminiEmbeddingsCodec()), List.of(new AnthropicTokenCountCodec()));

	private static final Instant NOW = Instant.parse("2025-01-15T12:00:00Z");

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final SimulatorProvider provider;

	Simulation(SimulatorSettings settings, Scheduler scheduler) {
		this.provider = new SimulatorProvider(settings, CODECS, scheduler, Clock.fixed(NOW, ZoneOffset.UTC));
	}

	/** One that answers at once. */
	Simulation() {
		this(AT_ONCE, Schedulers.immediate());
	}

	SimulatorProvider provider() {
		return this.provider;
	}

	Mono<LlmResponse> ask(ChatRequest request) {
		return this.provider.execute(attempt(LlmRequest.builder(Operation.CHAT, Dialect.OPENAI)
			.id("r1")
			.body(new byte[0], Envelope.none())
			.build()
			.withChat(request), request.model()));
	}

	LlmResponse head(ChatRequest request) {
		return ask(request).blockOptional(PATIENCE).orElseThrow();
	}

	ChatResponse answer(ChatRequest request) {
		return ((ResponseBody.Whole) head(request).body()).response();
	}

	ChatResponse answer(String question) {
		return answer(ask("chat", question).build());
	}

	List<ChatEvent> events(ChatRequest request) {
		ResponseBody.Events body = (ResponseBody.Events) head(request.mutate().stream(true).build()).body();
		return body.events().collectList().blockOptional(PATIENCE).orElseThrow();
	}

	/** Asks for something that is no chat, in JSON. */
	Mono<LlmResponse> ask(Operation operation, Dialect dialect, String model, String json) {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		try {
			return this.provider.execute(attempt(LlmRequest.builder(operation, dialect)
				.id("r1")
				.body(body, EnvelopeScanner.scan(body, JsonLimits.DEFAULT).withModel(model))
				.codec((operation == Operation.COUNT_TOKENS) ? CODECS.inbound(dialect) : null)
				.build(), model));
		}
		catch (MalformedJsonException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	ResponseBody body(Operation operation, String json) {
		return ask(operation, Dialect.OPENAI, "any", json).blockOptional(PATIENCE).orElseThrow().body();
	}

	Attempt attempt(LlmRequest request, String model) {
		return new Attempt(request, Target.of(this.provider, model));
	}

	static ChatRequest.Builder ask(String model, String question) {
		return ChatRequest.builder(model).message(Message.text(Role.USER, question));
	}

}
