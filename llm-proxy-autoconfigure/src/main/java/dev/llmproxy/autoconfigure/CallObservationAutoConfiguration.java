package dev.llmproxy.autoconfigure;

import java.time.InstantSource;

import dev.llmproxy.observability.call.CallListener;
import dev.llmproxy.observability.call.CallObservation;
import dev.llmproxy.observability.cost.CataloguePricing;
import dev.llmproxy.observability.cost.ChargeGate;
import dev.llmproxy.observability.cost.ChargeListener;
import dev.llmproxy.observability.cost.Pricing;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Tells whoever listens of calls, and of what they cost. */
@AutoConfiguration(before = { RoutingAutoConfiguration.class, GatewayAutoConfiguration.class })
public final class CallObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Pricing llmPricing() {
		return new CataloguePricing();
	}

	@Bean
	@ConditionalOnMissingBean
	ChargeGate llmChargeGate(Pricing pricing, ObjectProvider<ChargeListener> listeners) {
		return new ChargeGate(pricing, listeners.orderedStream().toList(), InstantSource.system());
	}

	@Bean
	@ConditionalOnMissingBean
	CallObservation llmCallObservation(ObjectProvider<CallListener> listeners) {
		return new CallObservation(listeners.orderedStream().toList());
	}

}
