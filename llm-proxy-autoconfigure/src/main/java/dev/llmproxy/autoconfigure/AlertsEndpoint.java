package dev.llmproxy.autoconfigure;

import java.util.List;

import dev.llmproxy.event.alert.AlertWatch;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/** Shows how things are with alerts. */
@Endpoint(id = "llmalerts")
final class AlertsEndpoint {

	private final AlertWatch watch;

	AlertsEndpoint(AlertWatch watch) {
		this.watch = watch;
	}

	@ReadOperation
	Descriptor alerts() {
		return new Descriptor(this.watch.states());
	}

	/** All rules. */
	record Descriptor(List<AlertWatch.State> alerts) {
	}

}
