package dev.llmproxy.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches when readiness demands anything of providers or of memory. */
final class OnReadinessPolicyCondition extends SpringBootCondition {

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		HealthProperties.Readiness readiness = Binder.get(context.getEnvironment())
			.bind("llm-proxy.health.readiness", HealthProperties.Readiness.class)
			.orElse(HealthProperties.Readiness.ALWAYS);
		boolean unready = context.getEnvironment().getProperty("llm-proxy.memory.unready", Boolean.class, false);
		return new ConditionOutcome(readiness != HealthProperties.Readiness.ALWAYS || unready,
				"llm-proxy.health.readiness is " + readiness + ", llm-proxy.memory.unready is " + unready);
	}

}
