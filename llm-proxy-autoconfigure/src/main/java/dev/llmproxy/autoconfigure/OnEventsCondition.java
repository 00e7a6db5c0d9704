package dev.llmproxy.autoconfigure;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.llmproxy.event.EventType;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether somebody may want events. The demand is found out once, when all beans of the
 * application are known, and kept in the bean factory.
 */
final class OnEventsCondition extends SpringBootCondition implements ConfigurationCondition {

	static final String DEMAND = "llmEventDemand";

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		Map<String, @Nullable Object> attributes = Objects
			.requireNonNull(metadata.getAnnotationAttributes(ConditionalOnEvents.class.getName()));
		EventType[] types = (EventType[]) Objects.requireNonNull(attributes.get("value"));
		EventDemand demand = demand(context);
		Set<EventType> wanted = Boolean.TRUE.equals(attributes.get("application")) ? demand.application()
				: demand.all();
		ConditionMessage.Builder message = ConditionMessage.forCondition(ConditionalOnEvents.class);
		return wanted.stream()
			.filter((type) -> types.length == 0 || Arrays.asList(types).contains(type))
			.findFirst()
			.map((type) -> ConditionOutcome.match(message.because("somebody wants '" + type.label() + "'")))
			.orElseGet(() -> ConditionOutcome.noMatch(message.because("nobody wants these events")));
	}

	private static EventDemand demand(ConditionContext context) {
		ConfigurableListableBeanFactory factory = Objects.requireNonNull(context.getBeanFactory());
		if (!factory.containsSingleton(DEMAND)) {
			factory.registerSingleton(DEMAND,
					EventDemand.of(factory, context.getEnvironment(), context.getResourceLoader()));
		}
		return (EventDemand) Objects.requireNonNull(factory.getSingleton(DEMAND));
	}

}
