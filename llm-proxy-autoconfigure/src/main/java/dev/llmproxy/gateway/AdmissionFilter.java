package dev.llmproxy.gateway;

import reactor.core.publisher.Mono;

/**
 * Refuses calls of the application itself while there is no memory for them. Those that
 * come over HTTP were let in at the front, before their body was read.
 */
public final class AdmissionFilter implements LlmFilter {

	private final Admission admission;

	public AdmissionFilter(Admission admission) {
		this.admission = admission;
	}

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		return request.inProcess() ? Mono.defer(() -> {
			this.admission.check();
			return next.handle(request);
		}) : next.handle(request);
	}

	/** Refusals are observed, and cost nothing beyond that. */
	@Override
	public int getOrder() {
		return FilterOrder.OBSERVATION.order() + 500;
	}

}
