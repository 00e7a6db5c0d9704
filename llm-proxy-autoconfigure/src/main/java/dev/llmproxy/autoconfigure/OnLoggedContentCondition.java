package dev.llmproxy.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Whether any of what callers and models say is logged. */
final class OnLoggedContentCondition extends SpringBootCondition {

	private static final String PROPERTY = "llm-proxy.access-log.content";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		AccessLogProperties.Content content = Binder.get(context.getEnvironment())
			.bind(PROPERTY, AccessLogProperties.Content.class)
			.orElse(AccessLogProperties.Content.NONE);
		ConditionMessage.Builder message = ConditionMessage.forCondition("LLM Proxy content log");
		return (content != AccessLogProperties.Content.NONE) ? ConditionOutcome.match(message.foundExactly(PROPERTY))
				: ConditionOutcome.noMatch(message.didNotFind(PROPERTY).atAll());
	}

}
