package dev.llmproxy.provider.simulator;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.llmproxy.chat.ChatEvent;
import dev.llmproxy.chat.ChatRequest;
import dev.llmproxy.chat.ChatResponse;
import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.dialect.Codecs;
import dev.llmproxy.dialect.Dialect;
import dev.llmproxy.dialect.InvalidRequestException;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import dev.llmproxy.gateway.Outcome;
import dev.llmproxy.gateway.ResponseBody;
import dev.llmproxy.provider.Attempt;
import dev.llmproxy.provider.Provider;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.http.HttpHeaders;
import org.springframework.util.MultiValueMap;

/**
 * A provider without a model and without a network. Equal requests get equal answers, in
 * whatever dialect; every model name answers, and some names fail in a known way: see
 * {@link #models()}. Names can be joined by {@code +}, as in {@code slow+error-503}, and
 * the pace is set by {@code tps-20} (tokens a second), {@code delay-500ms} or
 * {@code delay-3s} (until the first token). Answers carry the header
 * {@code llm-proxy-simulated}. Thread-safe.
 */
public final class SimulatorProvider implements Provider {

	/** The name it goes by. */
	public static final String NAME = "simulator";

	private static final HttpHeaders HEADERS = HttpHeaders
		.readOnlyHttpHeaders(MultiValueMap.fromSingleValue(Map.of("llm-proxy-simulated", "true")));

	private final SimulatorSettings settings;

	private final Scheduler scheduler;

	private final Clock clock;

	private final SimulatedFailures failures = new SimulatedFailures();

	private final OtherOperations others;

	/**
	 * Creates one.
	 * @param codecs render what is no chat
	 * @param scheduler where answers are made and waited for; not disposed of here
	 * @param clock says when an answer was created
	 */
	public SimulatorProvider(SimulatorSettings settings, Codecs codecs, Scheduler scheduler, Clock clock) {
		this.settings = settings;
		this.scheduler = scheduler;
		this.clock = clock;
		this.others = new OtherOperations(settings, codecs, clock);
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public boolean supports(Operation operation, Dialect dialect) {
		return operation == Operation.CHAT || this.others.supports(operation, dialect);
	}

	@Override
	public Flux<Model> models() {
		return Flux.fromIterable(SimulatedModel.NAMES).map((name) -> new Model(name, 0));
	}

	@Override
	public Mono<LlmResponse> execute(Attempt attempt) {
		return Mono.fromSupplier(() -> answer(attempt))
			.subscribeOn(this.scheduler)
			.flatMap((answer) -> pause(answer.delay()).then(answer.head()))
			.onErrorMap(InvalidRequestException.class, (invalid) -> new LlmException(invalid.error()));
	}

	private Mono<Void> pause(Duration duration) {
		return duration.isZero() ? Mono.empty() : Mono.delay(duration, this.scheduler).then();
	}

	private Answer answer(Attempt attempt) {
		LlmRequest request = attempt.request();
		SimulatedModel model = SimulatedModel.of(attempt.target().model(), this.settings);
		if (!supports(request.operation(), request.dialect())) {
			throw new LlmException(new LlmError(ErrorKind.INVALID_REQUEST, "The simulator does not offer "
					+ request.operation().operationName().replace('_', ' ') + ". Choose a model of another provider.",
					"unsupported_operation", "model"));
		}
		LlmException failure = this.failures.beforeAnswer(model);
		if (failure != null) {
			return new Answer(model.pace().firstToken(), Mono.error(failure));
		}
		boolean stream = request.operation() == Operation.CHAT && request.stream();
		if (model.behaviour() == Behaviour.STALL || (model.behaviour() == Behaviour.STALL_MID_STREAM && !stream)) {
			return new Answer(this.settings.stallTimeout(), Mono.error(new LlmException(SimulatedFailures.stalled())));
		}
		if (model.behaviour() == Behaviour.CUT_MID_STREAM && !stream) {
			return new Answer(model.pace().firstToken(), Mono.error(new LlmException(SimulatedFailures.cut())));
		}
		if (request.operation() == Operation.CHAT) {
			return chat(request, model, stream);
		}
		return new Answer(model.pace().firstToken(),
				Mono.just(new LlmResponse(200, HEADERS, this.others.answer(request, model.name()), new Outcome())));
	}

	private Answer chat(LlmRequest request, SimulatedModel model, boolean stream) {
		ChatRequest asked = request.chat().withModel(model.name());
		ChatResponse response = new Composer(asked, model).compose("sim-" + request.id(),
				this.clock.instant().getEpochSecond());
		List<Timeline.Step> steps = Timeline.of(response, model.pace());
		Outcome outcome = new Outcome();
		if (stream) {
			Flux<ChatEvent> events = events(steps, model.behaviour()).doOnNext((event) -> note(event, outcome));
			return new Answer(model.pace().firstToken(), head(new ResponseBody.Events(events), outcome));
		}
		outcome.usage(response.usage());
		outcome.finish(response.choices().get(0).finishReason());
		return new Answer(model.pace().firstToken().plus(steps.get(steps.size() - 1).due()),
				head(new ResponseBody.Whole(response), outcome));
	}

	private static Mono<LlmResponse> head(ResponseBody body, Outcome outcome) {
		return Mono.just(new LlmResponse(200, HEADERS, body, outcome));
	}

	private Flux<ChatEvent> events(List<Timeline.Step> steps, Behaviour behaviour) {
		return switch (behaviour) {
			case CUT_MID_STREAM ->
				paced(Timeline.firstHalf(steps)).concatWithValues(new ChatEvent.Failed(SimulatedFailures.cut()));
			case STALL_MID_STREAM -> paced(Timeline.firstHalf(steps)).concatWith(
					pause(this.settings.stallTimeout()).thenReturn(new ChatEvent.Failed(SimulatedFailures.stalled())));
			default -> paced(steps);
		};
	}

	/** Each event when it is due, or when it is asked for if that is later. */
	private Flux<ChatEvent> paced(List<Timeline.Step> steps) {
		return Flux.defer(() -> {
			long start = this.scheduler.now(TimeUnit.NANOSECONDS);
			return Flux.fromIterable(steps)
				.delayUntil((step) -> pause(left(start, step.due())))
				.map(Timeline.Step::event);
		});
	}

	private Duration left(long start, Duration due) {
		long nanos = due.toNanos() - (this.scheduler.now(TimeUnit.NANOSECONDS) - start);
		return (nanos > 0) ? Duration.ofNanos(nanos) : Duration.ZERO;
	}

	private static void note(ChatEvent event, Outcome outcome) {
		if (event instanceof ChatEvent.UsageReported reported) {
			outcome.usage(reported.usage());
		}
		else if (event instanceof ChatEvent.Finished finished) {
			outcome.finish(finished.reason());
		}
		else if (event instanceof ChatEvent.Failed failed) {
			outcome.error(failed.error());
		}
	}

	/**
	 * What comes, and when.
	 *
	 * @param delay counted from the request
	 */
	private record Answer(Duration delay, Mono<LlmResponse> head) {
	}

}
