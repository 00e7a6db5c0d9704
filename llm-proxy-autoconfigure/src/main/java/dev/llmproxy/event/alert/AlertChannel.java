package dev.llmproxy.event.alert;

import dev.llmproxy.event.GatewayEvent.AlertChanged;

/** Tells somebody of alerts. Returns soon; what fails later is its own business. */
@FunctionalInterface
public interface AlertChannel {

	void tell(AlertChanged alert);

}
