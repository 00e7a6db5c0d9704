package dev.llmproxy.flag;

import java.time.Duration;
import java.util.List;

import dev.llmproxy.gateway.FilterOrder;
import dev.llmproxy.gateway.Flags;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import dev.llmproxy.gateway.Operation;
import reactor.core.publisher.Mono;

/**
 * Gives a request the model that a flag names, and has a flag server asked before anybody
 * needs to know. Only there where one of the two may be wanted. Thread-safe.
 */
public final class FlagFilter implements LlmFilter {

	private final OpenFeatureFlags flags;

	private final Duration deadline;

	/**
	 * Creates one.
	 * @param deadline for the flags of one request; after that it goes on with what is
	 * known
	 */
	public FlagFilter(OpenFeatureFlags flags, Duration deadline) {
		this.flags = flags;
		this.deadline = deadline;
	}

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		FlagSettings settings = this.flags.settings(request);
		String flag = settings.model();
		if (!this.flags.remote()) {
			return next.handle((flag != null) ? renamed(request, flag) : request);
		}
		if (flag == null) {
			return prepared(request, settings.asked(request.model())).then(Mono.defer(() -> next.handle(request)));
		}
		return prepared(request, List.of(new Flags.Asked(flag, Flags.Kind.TEXT))).then(Mono.defer(() -> {
			LlmRequest renamed = renamed(request, flag);
			return prepared(renamed, settings.asked(renamed.model())).then(Mono.defer(() -> next.handle(renamed)));
		}));
	}

	private Mono<Void> prepared(LlmRequest request, List<Flags.Asked> flags) {
		return flags.isEmpty() ? Mono.empty() : this.flags.prepare(request, flags).timeout(this.deadline, Mono.empty());
	}

	private LlmRequest renamed(LlmRequest request, String flag) {
		String model = (String) this.flags.value(flag, Flags.Kind.TEXT, request);
		return (model == null || request.operation() == Operation.PASS_THROUGH || request.model().isEmpty()
				|| model.equals(request.model())) ? request : request.withModel(model);
	}

	/**
	 * After it is known that the caller may, and before anything depends on the model.
	 */
	@Override
	public int getOrder() {
		return FilterOrder.AUTHORIZATION.order() + 500;
	}

}
