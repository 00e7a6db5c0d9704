package dev.llmproxy.access;

import dev.llmproxy.chat.ErrorKind;
import dev.llmproxy.chat.LlmError;
import dev.llmproxy.gateway.FilterOrder;
import dev.llmproxy.gateway.LlmException;
import dev.llmproxy.gateway.LlmFilter;
import dev.llmproxy.gateway.LlmHandler;
import dev.llmproxy.gateway.LlmRequest;
import dev.llmproxy.gateway.LlmResponse;
import reactor.core.publisher.Mono;

/** Refuses models that the caller's key does not allow. */
public final class ModelAccessFilter implements LlmFilter {

	@Override
	public Mono<LlmResponse> filter(LlmRequest request, LlmHandler next) {
		if (!request.caller().mayUse(request.model())) {
			return Mono.error(new LlmException(new LlmError(ErrorKind.PERMISSION,
					"This key may not use the model '" + request.model()
							+ "'. Ask the operator, or list the models it may use.",
					"key_model_access_denied", "model")));
		}
		return next.handle(request);
	}

	@Override
	public int getOrder() {
		return FilterOrder.AUTHORIZATION.order();
	}

}
