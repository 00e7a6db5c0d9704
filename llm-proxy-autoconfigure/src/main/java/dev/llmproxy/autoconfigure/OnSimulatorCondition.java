package dev.llmproxy.autoconfigure;

import java.util.List;
import java.util.Map;

import dev.llmproxy.provider.Provider;
import dev.llmproxy.provider.ProviderPreset;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches where the simulator was asked for, or where there is nothing else. */
final class OnSimulatorCondition extends SpringBootCondition implements ConfigurationCondition {

	private static final String ENABLED = "llm-proxy.simulator.enabled";

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("simulator");
		Binder binder = Binder.get(context.getEnvironment());
		Boolean enabled = binder.bind(ENABLED, Boolean.class).orElse(null);
		if (enabled != null) {
			return new ConditionOutcome(enabled, message.because(ENABLED + " is " + enabled));
		}
		String other = other(context.getBeanFactory(), binder, context.getEnvironment());
		return (other != null) ? ConditionOutcome.noMatch(message.because("there is " + other))
				: ConditionOutcome.match(message.because("there is no other provider"));
	}

	/** What there is instead of the simulator. */
	private static @Nullable String other(@Nullable ConfigurableListableBeanFactory beans, Binder binder,
			Environment environment) {
		String[] names = (beans != null) ? beans.getBeanNamesForType(Provider.class, true, false) : new String[0];
		if (names.length > 0) {
			return "the bean '" + names[0] + "'";
		}
		Map<String, Object> configured = binder.bind("llm-proxy.providers", Bindable.mapOf(String.class, Object.class))
			.orElse(Map.of());
		if (!configured.isEmpty()) {
			return "the configured provider '" + configured.keySet().iterator().next() + "'";
		}
		List<ProviderPreset> detected = binder.bind("llm-proxy.detect-providers", Boolean.class).orElse(true)
				? EnvironmentKey.detect(environment) : List.of();
		return detected.isEmpty() ? null : "the detected provider '" + detected.get(0).type() + "'";
	}

}
