package dev.llmproxy.autoconfigure;

import dev.llmproxy.cluster.OperatorAction;
import dev.llmproxy.cluster.Told;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/** Tells of the last reload, and has the configuration read anew. */
@Endpoint(id = "llmreload")
final class ReloadEndpoint {

	/** The configuration contradicts itself; the request is in order. */
	private static final int CONFLICT = 409;

	private final ConfigurationReloader reloader;

	private final OperatorDesk desk;

	ReloadEndpoint(ConfigurationReloader reloader, OperatorDesk desk) {
		this.reloader = reloader;
		this.desk = desk;
	}

	@ReadOperation
	State state() {
		return new State(this.reloader.generation(), this.reloader.last());
	}

	/**
	 * Reads the files now, and has other nodes read theirs, whatever became of it here:
	 * each has files of its own.
	 */
	@WriteOperation
	WebEndpointResponse<ReloadReport> reload(SecurityContext context) {
		ReloadReport report = this.reloader.reload("actuator");
		Told told = this.desk.done(context.getPrincipal(), OperatorAction.RELOAD, "");
		return new WebEndpointResponse<>(report.told(told),
				(report.outcome() == ReloadReport.Outcome.REFUSED) ? CONFLICT : WebEndpointResponse.STATUS_OK);
	}

	/**
	 * What holds.
	 *
	 * @param generation counts configurations, from 1
	 * @param last {@code null} before the first reload
	 */
	record State(long generation, @Nullable ReloadReport last) {
	}

}
