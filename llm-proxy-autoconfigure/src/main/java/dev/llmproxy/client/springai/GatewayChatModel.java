package dev.llmproxy.client.springai;

import java.util.Objects;

import dev.llmproxy.client.GatewayCalls;
import dev.llmproxy.gateway.LlmException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Every model behind the gateway as a {@link ChatModel}, with no HTTP between: routes,
 * fallbacks, cache, limits and the ledger are the gateway's. As with every model of
 * Spring AI 2, tools are offered here and run by the {@code ChatClient}. The metadata of
 * an answer, and of a stream's last piece, has a {@link dev.llmproxy.client.CallReport}
 * under {@link dev.llmproxy.client.CallReport#KEY}. Thread-safe; {@link #call} waits, and
 * so must not be called on an event loop.
 */
public final class GatewayChatModel implements ChatModel {

	private final GatewayCalls calls;

	private final GatewayChatOptions options;

	private final FailureTranslator failures;

	private final PromptConversion conversion;

	/**
	 * Creates a model.
	 * @param options for what a prompt leaves open
	 * @param failures says what is thrown, and what ends a stream
	 */
	public GatewayChatModel(GatewayCalls calls, GatewayChatOptions options, FailureTranslator failures) {
		this.calls = calls;
		this.options = options;
		this.failures = failures;
		this.conversion = new PromptConversion(options);
	}

	@Override
	public GatewayChatOptions getOptions() {
		return this.options;
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		return Objects
			.requireNonNull(Mono.defer(() -> this.calls.chat(this.conversion.request(prompt), AnswerConversion::whole))
				.onErrorMap(LlmException.class, this.failures::translate)
				.block());
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux
			.defer(() -> this.calls.stream(this.conversion.request(prompt), AnswerConversion::piece,
					AnswerConversion::last))
			.onErrorMap(LlmException.class, this.failures::translate);
	}

}
