package dev.llmproxy.test;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.AttemptFilter;
import dev.llmproxy.provider.AttemptHandler;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * Records what providers answer, or answers in their place. It stands innermost: routes,
 * retries, fallbacks, cache and faults are real. An answer is recorded whole before
 * anybody sees it, so that a recording and its replay are the same to a test.
 * Thread-safe.
 */
public final class CassetteFilter implements AttemptFilter {

	private final Cassette cassette;

	private final CassetteMode mode;

	private final RecordedForm form;

	public CassetteFilter(Cassette cassette, CassetteMode mode, Codecs codecs) {
		this.cassette = cassette;
		this.mode = mode;
		this.form = new RecordedForm(codecs);
	}

	@Override
	public Mono<LlmResponse> filter(Attempt attempt, AttemptHandler next) {
		return switch (this.mode) {
			case NONE -> next.execute(attempt);
			case REPLAY -> Mono.defer(() -> replay(this.form.request(attempt)));
			case RECORD -> Mono.defer(() -> record(attempt, next));
		};
	}

	private Mono<LlmResponse> replay(JsonNode request) {
		JsonNode response = this.cassette.play(request);
		return (response != null) ? this.form.read(response) : Mono.error(new LlmException(
				new LlmError(ErrorKind.INTERNAL, this.cassette.explain(request), "no_recording", null)));
	}

	private Mono<LlmResponse> record(Attempt attempt, AttemptHandler next) {
		JsonNode request = this.form.request(attempt);
		return next.execute(attempt)
			.flatMap((response) -> this.form.write(attempt, response))
			.onErrorResume(LlmException.class,
					(failure) -> (failure.upstream() != null) ? Mono.just(this.form.write(failure))
							: Mono.error(failure))
			.flatMap((written) -> save(request, written).then(this.form.read(written)));
	}

	/** A file is written, for which event loops must not wait. */
	private Mono<Void> save(JsonNode request, JsonNode written) {
		return Mono.<Void>fromRunnable(() -> this.cassette.add(new Recording(request, written)))
			.subscribeOn(Schedulers.boundedElastic());
	}

	@Override
	public int getOrder() {
		return TestOrder.CASSETTE.order();
	}

}
