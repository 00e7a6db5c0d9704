package dev.llmproxy.autoconfigure;

import java.util.List;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether any page in a browser may call. */
final class OnCorsCondition extends SpringBootCondition {

	private static final List<String> ORIGINS = List.of("llm-proxy.web.cors.allowed-origins",
			"llm-proxy.web.cors.allowed-origin-patterns");

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Binder binder = Binder.get(context.getEnvironment());
		ConditionMessage.Builder message = ConditionMessage.forCondition("LLM Proxy CORS");
		for (String origins : ORIGINS) {
			if (!binder.bind(origins, Bindable.listOf(String.class)).orElse(List.of()).isEmpty()) {
				return ConditionOutcome.match(message.foundExactly(origins));
			}
		}
		return ConditionOutcome.noMatch(message.didNotFind("an allowed origin").atAll());
	}

}
